"""NumPy where it is installed, imported when it is first needed."""
from __future__ import annotations

import functools
from ctypes import c_float
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


@functools.lru_cache(maxsize=None)
def numpy() -> Any:
    """The module, or None."""
    try:
        import numpy as module
    except ImportError:
        return None
    return module


def floats_of(values: Any) -> Any:
    """The numbers in `values`, in their order, as an array of C floats: a number, nested lists, or an
    array of any dtype and layout."""
    module = numpy()
    if module is not None:
        flat = module.ascontiguousarray(values, dtype=module.float32).reshape(-1)
        return (c_float * flat.size).from_buffer_copy(flat)
    listed = list(_flat(values))
    return (c_float * len(listed))(*listed)


def _flat(values: Any) -> Iterable[float]:
    if isinstance(values, (int, float)):
        yield float(values)
    elif isinstance(values, (str, bytes)):  # whose parts are of their own kind
        raise ValueError(f"{values!r} is no number")
    else:
        for value in values:
            yield from _flat(value)
