#!/bin/sh
# Build the wheel of the Python package from the objects of a build folder, install it into fresh
# virtual environments outside the tree, and test it there: with other packages, on the oldest and
# the newest Python at hand, and its types. Skips aloud, with 0, where Python has no venv or the
# registry of packages is not reached.
#
#   tools/wheel.sh BUILD
set -eu
cd "$(dirname "$0")/.."
build=$(cd "$1" && pwd)
root=$PWD
work=$(mktemp -d)
note=$build/.skbuild-info.json # where it names another environment, the build begins anew
trap 'rm -rf "$work" "$note"' EXIT
rm -f "$note"

skip() {
  echo "skipped: the wheel: $1"
  exit 0
}

# venv NAME PYTHON: a virtual environment
venv() {
  "$2" -m venv "$work/$1" >/dev/null 2>&1
}

# fetch NAME PACKAGE...: from the registry, which is not waited for long
fetch() {
  to=$1
  shift
  "$work/$to/bin/python" -m pip install -q --no-compile --disable-pip-version-check --retries 1 --timeout 10 \
    "$@" >"$work/pip.log" 2>&1
}

# test_in NAME: install the wheel there, and run the tests of the package with it
test_in() {
  python=$work/$1/bin/python
  "$python" -m pip install -q --disable-pip-version-check --no-index --no-deps "$wheel"
  echo "== wheel in $("$python" --version)"
  (cd "$work" && env -u PYTHONPATH -u HEDON_LIBRARY PYTHONDONTWRITEBYTECODE=1 \
    CC="${CC:-cc}" HEDON_TOOL="$work/$1/bin/hedon" "$python" -m unittest discover -s "$root/python/tests")
}

# All Pythons that the package is for, the oldest first: those on the path, and pyenv's.
pythons() {
  for python in $(command -v python3 /usr/bin/python3 python3.10 python3.11 python3.12 python3.13 \
    python3.13t python3.14 python3.14t) "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
    "$python" -c 'import sys, venv, ensurepip
if sys.version_info < (3, 10): sys.exit(1)
print(*("%04d" % n for n in sys.version_info[:3]), sys.executable)' 2>/dev/null || :
  done | sort -u | sed 's/.* //'
}

found=$(pythons)
[ -n "$found" ] || skip "no Python from 3.10 on with venv"
venv made "$(command -v python3)" || skip "python3 makes no virtual environment"
fetch made scikit-build-core || skip "scikit-build-core cannot be had"
CMAKE_GENERATOR=$(sed -n 's/^CMAKE_GENERATOR:INTERNAL=//p' "$build/CMakeCache.txt") \
  "$work/made/bin/python" -m pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation \
  -C "build-dir=$build" -C cmake.define.HEDON_TESTS=ON -C cmake.define.HEDON_EXAMPLES=ON \
  -w "$work" .
set -- "$work"/hedon-*.whl
wheel=$1
size=$(wc -c <"$wheel")
echo "wheel: $(basename "$wheel"), $size bytes"
[ "$size" -lt 2000000 ] || {
  echo "the wheel takes $size bytes; allowed: below 2000000" >&2
  exit 1
}

venv oldest "$(echo "$found" | head -n 1)"
test_in oldest
venv newest "$(echo "$found" | tail -n 1)"
test_in newest
fetch made numpy pandas matplotlib gymnasium marimo safetensors tqdm mypy ||
  skip "packages that its tests use cannot be had"
test_in made
"$work/made/bin/mypy"

# A second reader of types. What the registry has of it fetches the rest itself, elsewhere.
if fetch made pyright && "$work/made/bin/pyright" --version >"$work/pyright.log" 2>&1; then
  "$work/made/bin/pyright" --pythonpath "$work/made/bin/python"
else
  echo "skipped: pyright, which cannot be had"
fi
