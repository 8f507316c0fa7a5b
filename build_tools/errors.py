"""Errors that the archive's own code raises; each message names the file and the remedy."""


class ArchiveError(Exception):
    """Something the archivist or maintainer can mend; the message says what and how."""


class ClippingError(ArchiveError):
    """One clipping cannot be read; the build goes on without it and lists it."""


class VocabError(ArchiveError):
    """A vocabulary file under `build_tools/data` is not what the program expects."""


class MissingLibraryError(ArchiveError):
    """A library that only one kind of file needs is not installed; `extra` is the extra that brings it."""

    def __init__(self, message: str, extra: str) -> None:
        super().__init__(f'{message} (python -m pip install "kho-bao[{extra}]")')
        self.extra = extra


class LostAddressesError(ArchiveError):
    """Addresses that readers may have cited would vanish."""
