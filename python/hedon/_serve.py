"""Steps an environment of Gymnasium for the tool: python -m hedon._serve NAME. Standard input is a socket
to the tool, which sends requests of plain C data (cli/python_server.c) and is answered on it."""
from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import sys
import traceback
from typing import TYPE_CHECKING, Any, Final

from . import _api
from ._task import Task

if TYPE_CHECKING:
    from ._batch import Lockstep, Singles

OPEN, CLOSE, RESET, STEP = range(4)
REQUEST: Final = struct.Struct("=4i")
DONE, NOT_DONE = struct.pack("=i", 1), struct.pack("=i", 0)


class Ended(Exception):
    """The tool has ended."""


class Memory:
    """Arrays of a batch, in the order in which they go to the tool and come from it."""

    def __init__(self, task: Task, B: int) -> None:
        n_obs, n_act = len(task.observations.components), len(task.actions.components)
        self.given = bytearray(4 * B + 8 * B + 4 * B * n_act)
        self.made = bytearray(4 * B * n_obs + 8 * B + B + B)
        self.raw = raw = _api.hd_foreign_batch()
        raw.B = B
        at = ctypes.addressof(ctypes.c_char.from_buffer(self.given))
        raw.seed, raw.row, raw.action = at, at + 8 * B, at + 12 * B
        at = ctypes.addressof(ctypes.c_char.from_buffer(self.made))
        raw.reward, raw.obs = at, at + 8 * B
        raw.terminated = raw.obs + 4 * B * n_obs
        raw.truncated = raw.terminated + B


class Server:
    def __init__(self, task: Task, tool: socket.socket) -> None:
        self.task, self.tool = task, tool
        self.batches: dict[int, tuple[Memory, Singles | Lockstep]] = {}

    def receive(self, into: bytearray) -> None:
        view = memoryview(into)
        while len(view):
            n = self.tool.recv_into(view)
            if n == 0:
                raise Ended
            view = view[n:]

    def describe(self) -> None:
        t = self.task
        self.tool.sendall(DONE + struct.pack("=4id", len(t.observations.components), len(t.actions.components),
                                             t.max_steps, 0, t.solved))
        for c in (*t.observations.components, *t.actions.components):
            self.tool.sendall(struct.pack("=32siff", c.name.encode()[:31], c.values, c.low, c.high))

    def serve(self) -> None:
        head = bytearray(REQUEST.size)
        while True:
            self.receive(head)
            task, number, B, n = REQUEST.unpack(head)
            if task in (RESET, STEP):
                self.receive(self.batches[number][0].given)
            try:
                made = self.do(task, number, B, n)
            except Exception as error:
                why = f"{type(error).__name__}: {error}".splitlines()[0].encode()[:255]
                traceback.print_exc()
                self.tool.sendall(NOT_DONE + why.ljust(256, b"\0"))
            else:
                self.tool.sendall(DONE + made)

    def do(self, task: int, number: int, B: int, n: int) -> bytes | bytearray:
        if task == OPEN:
            memory = Memory(self.task, B)
            self.batches[number] = memory, self.task.batch(memory.raw)
            return b""
        memory, batch = self.batches[number]
        memory.raw.n = n
        if task == CLOSE:
            del self.batches[number]
            batch.close()
            return b""
        if task == RESET:
            batch.reset()
        else:
            batch.step()
        return memory.made


def make_task(name: str) -> Task | None:
    try:
        return Task(name)
    except Exception as error:
        print(f"hedon: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tool
    tool = socket.socket(fileno=os.dup(0))
    task = make_task(arguments[0])
    if task is None:
        return 1
    server = Server(task, tool)
    try:
        server.describe()
        server.serve()
    except (Ended, ConnectionError):
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
