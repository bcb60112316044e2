"""What owns the library's objects: contexts and handles."""
from __future__ import annotations

import os
from _thread import allocate_lock, get_ident
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from ._api import hd_log_fn
from ._errors import CLASSES, Error, UsageError, Warned
from ._library import lib

if TYPE_CHECKING:
    from collections.abc import Callable


# Paths of plug-ins that every new context loads.
PLUGINS: list[str] = []
# Every context of this process.
_CONTEXTS: WeakSet[Context] = WeakSet()


class _LeftAtWork:
    """The lock of a context that another thread was at work in when this process was forked: its memory
    is somewhere within a step."""

    def acquire(self) -> None:
        raise UsageError("a thread of the parent process was at work in this object when this process was "
                         "forked; make another one here, or load a checkpoint")


def _after_fork() -> None:
    for context in _CONTEXTS:
        context.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class Context:
    """A context of the library. `with context:` lets one thread at a time make calls; a thread that
    is in a call already, in a callback of it, is refused.

    The context is destroyed when nothing refers to it and everything made with it is gone,
    in whichever order the garbage collector finds them."""

    def __init__(self) -> None:
        self._n_handles = 0
        self._is_dropped = True  # until it is made
        self._lock: Any = allocate_lock()
        self._owner = 0
        self._notes: list[str] = []
        self.kept: list[Any] = []  # what the library points to as long as the context lives
        self.failures: list[BaseException] = []  # what environments of Python raised
        notes = self._notes

        def log(_user: int | None, message: bytes) -> None:
            notes.append(message.decode(errors="replace"))

        self._log = hd_log_fn(log)
        definition = lib.hd_ctx_def_default()
        definition.log = self._log
        handle = c_void_p()
        status = lib.hd_ctx_create(byref(definition), byref(handle))
        if status:
            raise CLASSES[status]((lib.hd_status_text(status) or b"").decode()
                                  + " while a context was made; see the environment variable HEDON_ISA")
        self.handle: int = handle.value or 0
        self._is_dropped = False
        _CONTEXTS.add(self)
        self._destroy = lib.hd_ctx_destroy
        for path in PLUGINS:
            self.load_plugin(path)

    def load_plugin(self, path: str) -> None:
        with self:
            self.check(lib.hd_plugin_load(self.handle, path_bytes(path)))

    def __enter__(self) -> Context:
        me = get_ident()
        if self._owner == me:
            raise UsageError("this object is at work: its callbacks cannot call it again")
        self._lock.acquire()
        self._owner = me
        return self

    def __exit__(self, *_: object) -> None:
        self._owner = 0
        self._lock.release()

    def after_fork(self) -> None:
        """In the child process: only the thread that forked goes on."""
        if self._owner not in (0, get_ident()):
            self._owner, self._lock = 0, _LeftAtWork()
        elif self._owner == 0:
            self._lock = allocate_lock()

    def check(self, status: int) -> None:
        """Raise what the status of the last call says; warn of what the library noted."""
        if self._notes:
            self.warn()
        if status:
            raise self.error(status)

    def error(self, status: int) -> Error:
        sentence = (lib.hd_ctx_error(self.handle) or b"").decode(errors="replace")
        return CLASSES.get(status, Error)(sentence or (lib.hd_status_text(status) or b"").decode())

    def warn(self) -> None:
        import warnings

        while self._notes:
            warnings.warn(self._notes.pop(0), Warned, stacklevel=5)

    def add_handle(self) -> None:
        self._n_handles += 1

    def drop_handle(self) -> None:
        self._n_handles -= 1
        self._drop()

    def _drop(self) -> None:
        if self._is_dropped and self._n_handles == 0 and self.handle:
            handle, self.handle = self.handle, 0
            self._destroy(handle)

    def __del__(self) -> None:
        if not self._is_dropped:
            self._is_dropped = True
            self._drop()


class Handle:
    """Something that the library made within a context, destroyed with this object."""

    def __reduce__(self) -> Any:
        raise TypeError("what the library holds is not pickled or copied: save() and load() keep a learner, and a "
                        "hedon.Result is pickled without its learner")

    def __init__(self, context: Context, destroy: Callable[[int], None]) -> None:
        self._as_parameter_ = 0
        self.context = context
        self._destroy = destroy
        context.add_handle()

    def make(self, create: Callable[..., int], *arguments: Any) -> None:
        """create(context, arguments..., &handle), or raise why not."""
        made = c_void_p()
        with self.context as context:
            context.check(create(context.handle, *arguments, byref(made)))
        self._as_parameter_ = made.value or 0

    def __del__(self) -> None:
        made, self._as_parameter_ = self._as_parameter_, 0
        if made:
            self._destroy(made)
        self.context.drop_handle()


def encoded(word: str) -> bytes:
    """A text for the library, to which a zero byte would be its end."""
    if not isinstance(word, str):
        raise UsageError(f"{word!r} is no name")
    if "\0" in word:
        raise UsageError(f"{word!r} holds a zero byte, and names and values have none")
    try:
        return word.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{word!r} holds a character that UTF-8 does not have") from None


def path_bytes(path: str | os.PathLike[str]) -> bytes:
    """A path for the library."""
    made = os.fsencode(path)
    if b"\0" in made:
        raise UsageError(f"{os.fspath(path)!r} holds a zero byte, and paths have none")
    return made


def text(value: bytes | None) -> str:
    return value.decode(errors="replace") if value else ""
