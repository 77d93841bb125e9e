"""Every error a user can cause, as one tree; each message is a sentence that says what to do.

BowerbirdError                    exit code 1
├── UsageError                    the caller asked for something impossible; exit code 2
│   ├── EmptyQueryError           a query without text, image or filter
│   ├── FilterError               a filter expression that does not parse, or names an unknown field
│   ├── NotFoundError             no such collection, asset, model or file
│   │   └── NoPictureError        no file where a picture is said to be; exit code 1
│   └── ConflictError             it exists already, or the same collection is being synced now
├── LibraryError                  the library folder or its database
│   ├── LibraryCorruptError       library.sqlite is damaged or is not a Bowerbird library
│   ├── LibraryTooNewError        written by a newer Bowerbird
│   └── LibraryBusyError          another process held the write lock for too long
├── StorageFullError              no space left (or quota reached) where we write
├── SourceError                   a collection's source
│   ├── SourceOfflineError        the root is not there, not mounted or not reachable
│   └── SourceDeniedError         it is there, but we may not read it
├── DecodeError                   a file that cannot become pixels (`reason` is short and stable)
│   └── TooLargeError             over the pixel or byte limit in the settings
├── ModelError                    an encoder that cannot be loaded or run
│   ├── ModelMissingError         weights are not here yet, or part of them is gone
│   └── ModelDamagedError         weights are there and wrong
└── DownloadError                 a transfer that failed after its retries
"""

from __future__ import annotations


class BowerbirdError(Exception):
    """The root of what users can cause; `str(error)` is fit to be shown to them."""

    exit_code = 1


class UsageError(BowerbirdError):
    """The caller asked for something impossible."""

    exit_code = 2


class EmptyQueryError(UsageError):
    """A query without text, image or filter."""


class FilterError(UsageError):
    """A filter expression that does not parse, or that names an unknown field."""


class NotFoundError(UsageError):
    """No such collection, asset, model or file."""


class NoPictureError(NotFoundError):
    """No file where a picture is said to be: as with others that cannot be read, it failed."""

    exit_code = 1


class ConflictError(UsageError):
    """It exists already, or the same collection is being synced now."""


class LibraryError(BowerbirdError):
    """The library folder or its database cannot be used."""


class LibraryCorruptError(LibraryError):
    """library.sqlite is damaged or is not a Bowerbird library."""


class LibraryTooNewError(LibraryError):
    """The library was written by a newer Bowerbird."""


class LibraryBusyError(LibraryError):
    """Another process held the write lock for too long."""


class StorageFullError(BowerbirdError):
    """There is no space left where Bowerbird writes."""


class SourceError(BowerbirdError):
    """A collection's source cannot be used."""


class SourceOfflineError(SourceError):
    """The root is not there, not mounted or not reachable."""


class SourceDeniedError(SourceError):
    """The source is there, but it may not be read."""


class DecodeError(BowerbirdError):
    """A file that cannot become pixels."""


class TooLargeError(DecodeError):
    """A picture over the pixel or byte limit in the settings."""


class ModelError(BowerbirdError):
    """An encoder that cannot be loaded or run."""


class ModelMissingError(ModelError):
    """The weights are not here yet, or part of them is gone."""


class ModelDamagedError(ModelError):
    """The weights are there and wrong."""


class DownloadError(BowerbirdError):
    """A transfer that failed after its retries."""
