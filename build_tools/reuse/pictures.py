"""The picture that stands for a page where other sites show a link to it: one for the site, one for each cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAME = "hinh.png"
"""Beside a cluster's page, and at the site's root."""


def of(meta: Mapping[str, Any], url: str) -> str:
    """Return the address of a page's picture: its cluster's, else the site's."""
    if meta.get("template") == "kb-cluster.html" and not meta.get("unassigned"):
        return f"{url}{NAME}"
    links = meta.get("links") if meta.get("template") == "kb-article.html" else None
    clusters = links.get("clusters") if isinstance(links, dict) else None
    return f"{clusters[0]}{NAME}" if clusters else NAME
