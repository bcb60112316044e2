"""A checkpoint read by others: by hand as the format's description says, and by the safetensors
package where there is one.

    safetensors_reads.py HEDON
"""

import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

SIZES = {"F32": 4, "F64": 8, "I32": 4, "I64": 8, "U32": 4, "U64": 8, "U8": 1}


def train(hedon, folder):
    command = [hedon, "train", "CartPole-v1", "--steps", "2000", "--seed", "3", "--quiet"]
    subprocess.run(command + ["--out", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder / "checkpoint-3.hd"


def read_by_hand(path):
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    raw, body = data[8 : 8 + size], data[8 + size :]
    header = json.loads(raw)
    meta = header.pop("__metadata__")
    assert (8 + size) % 8 == 0
    assert int(meta["data_crc32"], 16) == zlib.crc32(body)
    blank = raw.replace(meta["header_crc32"].encode(), b"00000000", 1)
    assert int(meta["header_crc32"], 16) == zlib.crc32(blank)
    assert (meta["format"], meta["task"], meta["seed"]) == ("2", "CartPole-v1", "3")
    assert meta["config"].startswith(f'hedon = "{meta["hedon"]}"\n')
    at = 0
    for name, array in header.items():
        begin, end = array["data_offsets"]
        count = 1
        for n in array["shape"]:
            count *= n
        assert begin == at and end - begin == count * SIZES[array["dtype"]], name
        at = end
    assert at == len(body)
    return header, meta, body


def read_by_package(path, header, meta, body):
    try:
        from safetensors.numpy import load_file
        from safetensors import safe_open
    except ImportError:
        print("skipped: no safetensors package")
        return
    arrays = load_file(path)
    assert arrays.keys() == header.keys()
    for name, array in arrays.items():
        begin, end = header[name]["data_offsets"]
        assert list(array.shape) == header[name]["shape"], name
        assert array.tobytes() == body[begin:end], name
    with safe_open(path, framework="numpy") as file:
        assert file.metadata() == meta
    print(f"safetensors reads all {len(arrays)} arrays")


with tempfile.TemporaryDirectory() as scratch:
    checkpoint = train(sys.argv[1], pathlib.Path(scratch) / "run")
    read_by_package(checkpoint, *read_by_hand(checkpoint))
    print("ok")
