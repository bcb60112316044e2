"""hedon.load_plugin: environments, rules and codings in C, from shared libraries."""
from __future__ import annotations

import os
from ctypes import CDLL, RTLD_GLOBAL

from ._context import PLUGINS, Context
from ._library import find
from ._errors import UsageError


def load_plugin(path: str | os.PathLike[str]) -> None:
    """Load a plug-in (hedon/plugin.h), whose environments, rules and codings are then known by name to
    everything that is made from now on. Runs note the file by path and hash.

    Errors: FileError, FormatError (no plug-in), MismatchError (made for another version), UsageError
    (loaded already)."""
    name = os.path.abspath(os.fspath(path))
    if name in PLUGINS:
        raise UsageError(f"the plug-in {name} is loaded already")
    CDLL(find(), RTLD_GLOBAL)  # a plug-in's calls are answered by the library that is loaded already
    Context().load_plugin(name)
    PLUGINS.append(name)
