"""The command `hedon` of an installed package: the tool, in place of this process."""
from __future__ import annotations

import os
import sys


def main() -> None:
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hedon_tool")
    os.environ.setdefault("HEDON_PYTHON", sys.executable)  # for environments of Gymnasium
    os.execv(path, ["hedon", *sys.argv[1:]])
