"""Arrays that the library owns, shown without a copy."""
from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

from ._context import text
from ._numpy import numpy

if TYPE_CHECKING:
    from ._api import hd_view

# dtype: type string of NumPy, ctypes type, format of a memoryview.
DTYPES: Final[dict[str, tuple[str, Any, Any]]] = {
    "F32": ("<f4", ctypes.c_float, "f"),
    "F64": ("<f8", ctypes.c_double, "d"),
    "I32": ("<i4", ctypes.c_int32, "i"),
    "I64": ("<i8", ctypes.c_int64, "q"),
    "U64": ("<u8", ctypes.c_uint64, "Q"),
    "U8": ("|u1", ctypes.c_uint8, "B"),
}


class View:
    """An array of the library: where it lies and what it means.

    `numpy.asarray(view)` and `view.array()` share its memory, and so does `torch.from_dlpack(view)`
    if the view is writable; without NumPy there are `view.memory()` and `view.tolist()`. An array
    may be written to only if `writable`. What the array belongs to lives as long as the array."""

    __slots__ = ("_owner", "_address", "name", "dtype", "shape", "strides", "unit", "doc", "writable")

    def __init__(self, owner: object, view: hd_view) -> None:
        n = view.n_dims
        self._owner = owner
        self._address: int = view.data or 0
        self.name = text(view.name)
        self.dtype = text(view.dtype)
        size = ctypes.sizeof(DTYPES[self.dtype][1])
        self.shape: tuple[int, ...] = tuple(view.shape[:n])
        self.strides: tuple[int, ...] = tuple(size * s for s in view.stride[:n])
        self.unit = text(view.unit)
        self.doc = text(view.doc)
        self.writable: bool = view.writable

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return {"version": 3, "typestr": DTYPES[self.dtype][0], "shape": self.shape,
                "strides": self.strides, "data": (self._address, not self.writable)}

    def array(self) -> Any:
        """A NumPy array over the same memory."""
        module = numpy()
        if module is None:
            raise ImportError("NumPy is not installed; use view.memory() or view.tolist()")
        return module.asarray(self)

    def __dlpack__(self, **options: Any) -> Any:
        return self.array().__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)  # memory of the processor

    def memory(self) -> Any:
        """A memoryview over the same memory, of an array without gaps."""
        _, ctype, code = DTYPES[self.dtype]
        size = ctypes.sizeof(ctype)
        for n, stride in zip(reversed(self.shape), reversed(self.strides)):
            if n > 1 and stride != size:
                raise BufferError(f"the rows of {self.name} have gaps; use view.tolist()")
            size *= n
        buffer = (ctypes.c_char * size).from_address(self._address)
        buffer._owner = self  # type: ignore[attr-defined]
        flat = memoryview(buffer).cast("B")
        shown = flat.cast(code, self.shape) if size and self.shape else flat.cast(code)
        return shown if self.writable else shown.toreadonly()

    def tolist(self) -> Any:
        """The numbers, in nested lists."""
        ctype = DTYPES[self.dtype][1]

        def read(address: int, k: int) -> Any:
            if k == len(self.shape):
                return ctype.from_address(address).value
            return [read(address + i * self.strides[k], k + 1) for i in range(self.shape[k])]

        return read(self._address, 0)

    def __len__(self) -> int:
        return self.shape[0] if self.shape else 0

    def __repr__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        kept = "" if self.writable else ", read-only"
        said = f": {self.doc}" if self.doc else ""
        return f"<hedon.View {self.name} {self.dtype}{list(self.shape)}{unit}{kept}{said}>"


class Views:
    """The views of a session or a network by name; `names()` lists them."""

    __slots__ = ("_owner", "_names", "_view")

    def __init__(self, owner: object, names: Any, view: Any) -> None:
        self._owner = owner
        self._names = names
        self._view = view

    def names(self) -> list[str]:
        found: list[str] = self._names()
        return found

    def __getitem__(self, name: str) -> View:
        found: View = self._view(name)
        return found

    def __iter__(self) -> Any:
        return iter(self.names())

    def __len__(self) -> int:
        return len(self.names())

    def __contains__(self, name: object) -> bool:
        return name in self.names()

    def __repr__(self) -> str:
        return "\n".join(repr(self[name]) for name in self.names())
