"""Lends environments of Python to the library, which calls their functions from C (hedon/foreign.h)."""
from __future__ import annotations

import ctypes
import math
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, Any

from . import _api
from ._batch import Lockstep, Singles
from ._context import encoded
from ._errors import ConflictError
from ._interrupt import entry, raise_pending
from ._library import lib

if TYPE_CHECKING:
    from ._context import Context
    from ._spaces import Component
    from ._task import Task


def raise_failure(context: Context) -> None:
    """Raise what an environment of this context raised, once."""
    if context.failures:
        failure = context.failures[0]
        context.failures.clear()
        raise failure


class Host:
    """A task's environments for the library. An exception in one is kept for the caller; the library
    is told of a failure, upon which it stops and leaves the weights alone."""

    def __init__(self, task: Task, context: Context) -> None:
        self.task = task
        self.failures = context.failures
        self.batches: dict[int, Singles | Lockstep] = {}
        self.name = self._free_name(context)
        self.foreign = _api.hd_foreign()
        self._set_functions()
        self.description = self._describe()

    def _free_name(self, context: Context) -> str:
        with context:
            found = c_void_p()
            status = lib.hd_env_find(context.handle, encoded(self.task.name), byref(found))
        return self.task.name if status else "gymnasium:" + self.task.name

    def _set_functions(self) -> None:
        f = self.foreign
        f.size, f.is_lockstep = ctypes.sizeof(f), self.task.is_lockstep
        f.open = _api.hd_foreign_open(self._open)
        f.close = _api.hd_foreign_close(self._close)
        f.reset = _api.hd_foreign_reset(self._reset)
        f.step = _api.hd_foreign_step(self._step)
        f.refused = _api.hd_foreign_refused(self._refused)

    def _describe(self) -> _api.hd_env_desc:
        d = _api.hd_env_desc()
        self._texts = [encoded(self.name)]
        d.size, d.name = ctypes.sizeof(d), self._texts[0]
        d.doc, d.source = b"an environment of Python", b"the program that registered it"
        d.obs, d.n_obs = self._dims(self.task.observations.components)
        d.act, d.n_act = self._dims(self.task.actions.components)
        d.max_steps, d.solved = self.task.max_steps, self.task.solved
        d.low_score = d.high_score = math.nan
        d.foreign = ctypes.pointer(self.foreign)
        return d

    def _dims(self, components: list[Component]) -> tuple[Any, int]:
        dims = (_api.hd_dim * len(components))()
        for dim, c in zip(dims, components):
            dim.name, dim.unit, dim.count = encoded(c.name), b"", c.values
            dim.low, dim.high = c.low, c.high
        self._texts.append(dims)  # type: ignore[arg-type]
        return ctypes.cast(dims, ctypes.POINTER(_api.hd_dim)), len(components)

    # ---- what the library calls ----

    @entry
    def _open(self, _user: int, address: int, why: int) -> int:
        try:
            self.batches[address] = self.task.batch(_api.hd_foreign_batch.from_address(address))
            return _api.HD_OK
        except BaseException as error:
            self.failures.append(error)
            sentence = str(error).encode()[: _api.HD_WHY_SIZE - 1] + b"\0"
            ctypes.memmove(why, sentence, len(sentence))
            return _api.HD_CONFLICT

    @entry
    def _close(self, _user: int, address: int) -> None:
        try:
            self.batches.pop(address).close()
        except BaseException as error:
            self.failures.append(error)

    @entry
    def _reset(self, _user: int, address: int) -> bool:
        if self.failures:
            return False
        try:
            raise_pending()
            self.batches[address].reset()
            return True
        except BaseException as error:
            self.failures.append(error)
            return False

    @entry
    def _step(self, _user: int, address: int) -> bool:
        if self.failures:
            return False
        try:
            raise_pending()
            self.batches[address].step()
            return True
        except BaseException as error:
            self.failures.append(error)
            return False

    def _refused(self, _user: int, why: int) -> None:
        self.failures.append(ConflictError(ctypes.string_at(why).decode(errors="replace")))
