"""Editions: what the archive held on a day, by digests, so that a reader can tell what has changed since."""
