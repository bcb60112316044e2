#!/bin/sh
# Build the library for Windows with Debian's cross compiler, and compare what it computes under Wine with the recorded
# hashes. Each run is kept in a run folder, and its checkpoint read back.
#
#   tools/windows.sh [PATTERN]      needs gcc-mingw-w64-x86-64-posix and wine64
#
# Without a pattern the first seed of every run of tests/golden/runs.txt is compared; with one, of those whose
# "TASK METHOD" it matches, as an extended regular expression.
set -eu
cd "$(dirname "$0")/.."
pattern=${1:-.}
compiler=x86_64-w64-mingw32-gcc-posix
wine=$(command -v wine64 || command -v wine || echo /usr/lib/wine/wine64)
for program in "$compiler" "$wine"; do
  command -v "$program" >/dev/null || {
    echo "windows: no $program here: apt install gcc-mingw-w64-x86-64-posix wine64" >&2
    exit 1
  }
done
build=build-windows
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE="${BUILD:-Release}" -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_SYSTEM_PROCESSOR=x86_64 \
  -DCMAKE_C_COMPILER="$compiler" -DCMAKE_FIND_ROOT_PATH=/usr/x86_64-w64-mingw32 \
  -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DHEDON_TESTS=OFF \
  -DHEDON_EXAMPLES=OFF -DHEDON_WERROR=ON >/dev/null
cmake --build "$build" --parallel "$(nproc)" --target hedon_static
"$compiler" -O1 -Iinclude tools/recorded_run.c "$build/libhedon.a" -lm -lpthread -static -o "$build/recorded_run.exe"
export WINEPREFIX="$PWD/$build/wine" WINEDEBUG=-all
rm -rf "$build/runs"
mkdir "$build/runs"
awk -v pattern="$pattern" '!/^#/ && NF && $1 " " $2 ~ pattern' tests/golden/runs.txt >"$build/runs.txt"
n=0
while read -r task run settings; do
  n=$((n + 1))
  "$wine" "$build/recorded_run.exe" "$build/runs/$n" "$task" "$run" 11 $settings </dev/null | tr -d '\r'
done <"$build/runs.txt" >"$build/hashes.txt"
[ "$(wc -l <"$build/hashes.txt")" -eq "$n" ] && [ "$n" -gt 0 ] || {
  echo "windows: $(wc -l <"$build/hashes.txt") of $n runs printed a hash" >&2
  exit 1
}
grep -Fxvf tests/golden/hashes.txt "$build/hashes.txt" && {
  echo "windows: these hashes are not as recorded" >&2
  exit 1
}
echo "ok   $n hashes on Windows are as recorded"
