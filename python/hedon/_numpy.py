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


def _array_of(module: Any, values: Any) -> Any:
    try:
        return module.asarray(values)
    except ValueError:  # lists of different lengths
        from ._errors import UsageError

        raise UsageError(f"{short(values)} is no array of numbers") from None


def single(values: Any) -> Any:
    """The array of float32 of an array or nested lists. A number beyond that precision is refused; one that
    is not finite is left to the library."""
    module = numpy()
    array = _array_of(module, values)
    if array.dtype == module.float32:
        return array
    try:
        with module.errstate(over="raise"):
            return array.astype(module.float32)
    except (TypeError, ValueError):
        from ._errors import UsageError

        raise UsageError(f"{short(values)} is no array of numbers") from None
    except FloatingPointError:
        from ._errors import RangeError

        numbers = abs(array.astype(module.float64))
        far = float(numbers[module.isfinite(numbers)].max())
        raise RangeError(f"a number of size {far:g}, and the library computes in single precision; allowed: "
                         "up to 3.4e+38") from None


def short(value: Any) -> str:
    """A value in a message."""
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    return repr(value) if len(repr(value)) <= 60 else f"an object of {type(value).__name__}"


def floats_of(values: Any) -> Any:
    """The numbers in `values`, in their order, as an array of C floats: a number, nested lists, or an
    array of any dtype and layout."""
    module = numpy()
    if module is not None:
        flat = module.ascontiguousarray(single(values)).reshape(-1)
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
