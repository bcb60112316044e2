"""Finds the shared library, loads it, and makes sure that it is the one this package was made for."""
from __future__ import annotations

import os
import sys
from ctypes import CDLL, sizeof
from typing import Final

from ._api import HD_VERSION_STRING, STRUCTS, Functions

SUFFIX: Final = ".dylib" if sys.platform == "darwin" else ".so"


def find() -> str:
    """The path in HEDON_LIBRARY, or the library beside this file."""
    named = os.environ.get("HEDON_LIBRARY")
    if named:
        return named
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libhedon" + SUFFIX)
    if not os.path.exists(path):
        raise ImportError(
            f"hedon: {path} is missing; install the package with pip, or name a built library in the "
            "environment variable HEDON_LIBRARY")
    return path


def check(functions: Functions, path: str) -> None:
    """Structs must have the sizes that the library tells: else both versions are named."""
    version = (functions.hd_version() or b"").decode()
    wrong = [name for name, struct in STRUCTS.items()
             if functions.hd_struct_size(name.encode()) != sizeof(struct)]
    if version != HD_VERSION_STRING or wrong:
        about = f", and {', '.join(wrong)} differ in size" if wrong else ""
        raise ImportError(f"hedon: this package is for libhedon {HD_VERSION_STRING}, and {path} is "
                          f"libhedon {version}{about}; install both from the same version")


def load() -> Functions:
    path = find()
    try:
        functions = Functions(CDLL(path))
    except AttributeError as error:
        raise ImportError(f"hedon: {path} is not libhedon {HD_VERSION_STRING}: {error}") from None
    except OSError as error:
        raise ImportError(f"hedon: {path} cannot be loaded: {error}") from None
    check(functions, path)
    return functions


lib: Final = load()
