"""Files of measured figures in docs/data: JSON with an entry a line, figures of six digits, and lists of rows that have the
same keys as {"columns": [...], "rows": [[...], ...]}, so that a key stands once (pandas: `DataFrame(rows, columns=columns)`)."""
import json
import pathlib


def rounded(value):
    short = float(f"{value:.6g}")
    return int(short) if short.is_integer() else short


def packed(value):
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, dict):
        return {key: packed(one) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) > 2 and all(isinstance(one, dict) for one in value) and len({tuple(one) for one in value}) == 1:
        return {"columns": list(value[0]), "rows": [[packed(cell) for cell in one.values()] for one in value]}
    return [packed(one) for one in value]


def unpacked(value):
    if isinstance(value, list):
        return [unpacked(one) for one in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["columns", "rows"]:
        return [dict(zip(value["columns"], map(unpacked, row))) for row in value["rows"]]
    return {key: unpacked(one) for key, one in value.items()}


def line(value):
    return json.dumps(packed(value), separators=(",", ":"))


def entries(value):
    """An entry of a list or of a dictionary is a line."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(line, value)) + "\n]"
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{line(key)}:{line(one)}" for key, one in value.items()) + "\n}"
    return line(value)


def text(data):
    """`data` is a dictionary."""
    return "{\n" + ",\n".join(f"{line(key)}:{entries(one)}" for key, one in data.items()) + "\n}\n"


def read(path):
    return unpacked(json.loads(pathlib.Path(path).read_text(encoding="utf-8")))


def write(path, data):
    pathlib.Path(path).write_text(text(data), encoding="utf-8")
