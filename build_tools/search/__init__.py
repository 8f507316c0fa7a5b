"""Search: what of a clipping can be found, counted into an index of static files that the browser reads in parts.

`docs/search-index.md` describes the files; `overrides/assets/javascripts/search/` reads them.
"""

from build_tools.search.again import There
from build_tools.search.documents import Document, Texts, document, fields, head, texts
from build_tools.search.index import FOLDER, MANIFEST, files, merged
from build_tools.search.postings import Fields, batches, count, whole

__all__ = [
    "FOLDER",
    "MANIFEST",
    "Document",
    "Fields",
    "Texts",
    "There",
    "batches",
    "count",
    "document",
    "fields",
    "files",
    "head",
    "merged",
    "texts",
    "whole",
]
