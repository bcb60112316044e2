"""Ctrl-C while the library is at work.

Python hears a signal when it next runs code of its own in the main thread: where the library calls a
function of Python, that is the first line of this function, outside any `try`, and ctypes drops what
is raised there. So while the library is at work a Ctrl-C in such a first function (an entry) waits for
the entry's own `raise_pending`; anywhere else it is raised at once."""
from __future__ import annotations

import signal
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, Callable, Final, TypeVar

if TYPE_CHECKING:
    from types import CodeType, FrameType

ENTRIES: Final[set[CodeType]] = set()
PENDING: Final[list[Callable[[], object]]] = []

Function = TypeVar("Function", bound=Callable[..., Any])


def entry(function: Function) -> Function:
    """A function that the library calls, and of which nothing may be raised."""
    ENTRIES.add(function.__code__)
    return function


def raise_pending() -> None:
    """Do what a Ctrl-C asked for that came when nothing could be raised."""
    if PENDING:
        PENDING.pop()()


class Heard:
    """with Heard(): the library is at work, and Ctrl-C is heard in the functions that it calls."""

    def __enter__(self) -> None:
        self.before: Any = None
        handler = signal.getsignal(signal.SIGINT)
        if current_thread() is main_thread() and callable(handler):
            self.before = handler
            signal.signal(signal.SIGINT, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code in ENTRIES and not PENDING:
            PENDING.append(lambda: self.before(number, frame))
        else:
            self.before(number, frame)

    def __exit__(self, *raised: object) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)
            raise_pending()
