"""Search: what of a clipping can be found, counted into an index of static files that the browser reads in parts.

`docs/search-index.md` describes the files; `overrides/assets/javascripts/search/` reads them.
"""

from build_tools.search.documents import Document, document, head
from build_tools.search.index import FOLDER, files

__all__ = ["FOLDER", "Document", "document", "files", "head"]
