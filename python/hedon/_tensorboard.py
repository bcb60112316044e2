"""hedon.read_metrics and hedon.tensorboard: evaluations of kept runs, and as TensorBoard's event files."""
from __future__ import annotations

import functools
import os
import struct
from typing import TYPE_CHECKING, Any, Union

from ._errors import FileError
from ._study import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

Source = Union[Result, str, "os.PathLike[str]"]


def read_metrics(folder: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """The lines of a run folder, of hedon.train(out=...) or of the tool: {"event": "evaluation", "seed",
    "env_steps", "eval_return", "train_return", "layers", ...} for each evaluation, and {"event": "result",
    ...} for each learner that is done. pandas.DataFrame(hedon.read_metrics(folder)) is their table."""
    import json

    path = os.path.join(os.fspath(folder), "metrics.jsonl")
    try:
        with open(path, encoding="utf-8") as f:
            return [json.loads(line) for line in f if line.endswith("\n")]
    except FileNotFoundError:
        raise FileError(f"{os.fspath(folder)} is no run folder: it has no metrics.jsonl") from None


def tensorboard(source: Source, logdir: str | os.PathLike[str]) -> list[str]:
    """Write the evaluations of a result, or of a run folder, for TensorBoard: a folder LOGDIR/seed-N for
    each learner, with the scalars eval/return, train/return and, of a run folder, the spikes per neuron
    and substep of each layer, rate/LAYER. Written again, files are replaced. Returns their paths.

    Needs no other package; to look: tensorboard --logdir LOGDIR."""
    by_seed: dict[int, list[bytes]] = {}
    for seed, step, seconds, scalars in _rows(source):
        by_seed.setdefault(seed, [_event(0.0, 0, file_version=b"brain.Event:2")]).append(
            _event(seconds, step, scalars=scalars))
    paths: list[str] = []
    for seed, events in by_seed.items():
        folder = os.path.join(os.fspath(logdir), f"seed-{seed}")
        os.makedirs(folder, exist_ok=True)
        paths.append(os.path.join(folder, "events.out.tfevents.0.hedon"))
        with open(paths[-1], "wb") as f:
            f.write(b"".join(map(_record, events)))
    return paths


def _rows(source: Source) -> Iterator[tuple[int, int, float, dict[str, float]]]:
    """Seed, environment steps, CPU seconds, scalars."""
    if isinstance(source, Result):
        for e in source.evaluations:
            yield e.seed, e.env_steps, e.cpu_s, {"eval/return": e.eval_return, "train/return": e.train_return}
        return
    for row in read_metrics(source):
        if row["event"] == "evaluation":
            scalars = {"eval/return": row["eval_return"], "train/return": row["train_return"]}
            scalars.update({f"rate/{layer['name']}": layer["rate"] for layer in row["layers"]})
            yield row["seed"], row["env_steps"], row["cpu_s"], {
                tag: value for tag, value in scalars.items() if value is not None}


# ---- the format: events are messages of protocol buffers, in records with sums (CRC-32C) ----


def _varint(value: int) -> bytes:
    made = b""
    while value >= 0x80:
        made += bytes((value & 0x7F | 0x80,))
        value >>= 7
    return made + bytes((value,))


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _event(seconds: float, step: int, *, file_version: bytes | None = None,
           scalars: dict[str, float] | None = None) -> bytes:
    made = b"\x09" + struct.pack("<d", seconds) + b"\x10" + _varint(step)
    if file_version is not None:
        made += _bytes(3, file_version)
    if scalars:
        made += _bytes(5, b"".join(_bytes(1, _bytes(1, tag.encode()) + b"\x15" + struct.pack("<f", value))
                                   for tag, value in scalars.items()))
    return made


@functools.lru_cache(maxsize=None)
def _crc_table() -> list[int]:
    table: list[int] = []
    for i in range(256):
        for _ in range(8):
            i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
    return table


def _sum_of(data: bytes) -> bytes:
    crc, table = 0xFFFFFFFF, _crc_table()
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _sum_of(length) + data + _sum_of(data)
