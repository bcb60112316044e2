"""Exceptions: one class for every status of the library, with the library's sentence."""
from __future__ import annotations

from typing import Final

from . import _api


class Error(Exception):
    """What the library refuses or cannot do; the message names the culprit and what is allowed."""


class OutOfMemory(Error, MemoryError):
    """Memory is short."""


class RangeError(Error, ValueError):
    """A value is outside its allowed range."""


class UnknownName(Error, LookupError):
    """A name that does not exist; the message offers the nearest one."""


class ConflictError(Error, ValueError):
    """Settings contradict each other, or nothing in the run reads one that was set."""


class FileError(Error, OSError):
    """A file could not be read or written."""


class FormatError(Error, ValueError):
    """A file is truncated, corrupted, or not of this kind."""


class MismatchError(Error, ValueError):
    """A file belongs to another version or another network."""


class NumericError(Error, ArithmeticError):
    """A number is not finite."""


class UsageError(Error, TypeError):
    """A call that makes no sense."""


class MissingPlugin(Error):
    """A plug-in is missing, or is not the one that was used."""


class Stopped(Error):
    """What was asked for was given up when it was told to stop."""


CLASSES: Final[dict[int, type[Error]]] = {
    _api.HD_NOMEM: OutOfMemory,
    _api.HD_RANGE: RangeError,
    _api.HD_UNKNOWN: UnknownName,
    _api.HD_CONFLICT: ConflictError,
    _api.HD_IO: FileError,
    _api.HD_FORMAT: FormatError,
    _api.HD_MISMATCH: MismatchError,
    _api.HD_NUMERIC: NumericError,
    _api.HD_USAGE: UsageError,
    _api.HD_MISSING: MissingPlugin,
    _api.HD_STOPPED: Stopped,
}


class Warned(UserWarning):
    """Something the library notes without refusing it, such as the old name of an option."""
