"""The archive for other programs: citations, metadata in pages, feeds, the site map, tables of all that was read."""
