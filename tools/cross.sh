#!/bin/sh
# Build the tool for another machine with Debian's cross compiler, and compare what it computes under
# qemu with the recorded hashes.
#
#   tools/cross.sh [aarch64 | riscv64 [PATTERN]]      needs gcc-ARCH-linux-gnu and qemu-user
#
# Without a pattern every run of tests/golden/runs.txt is compared, on three seeds: half an hour of CPU.
# With one, the first seed of those runs whose "TASK METHOD" it matches, as an extended regular expression.
# BUILD=Debug in the environment compiles in a third of the time.
set -eu
cd "$(dirname "$0")/.."
arch=${1:-aarch64}
pattern=${2:-}
for program in "$arch-linux-gnu-gcc" "qemu-$arch"; do
  command -v "$program" >/dev/null || {
    echo "cross: no $program here: apt install gcc-$(echo "$arch" | tr _ -)-linux-gnu qemu-user" >&2
    exit 1
  }
done
root=/usr/$arch-linux-gnu
build=build-$arch
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE="${BUILD:-Release}" -DCMAKE_SYSTEM_NAME=Linux \
  -DCMAKE_SYSTEM_PROCESSOR="$arch" -DCMAKE_C_COMPILER="$arch-linux-gnu-gcc" \
  -DCMAKE_FIND_ROOT_PATH="$root" -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY \
  -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DHEDON_TESTS=OFF -DHEDON_EXAMPLES=OFF -DHEDON_WERROR=ON >/dev/null
cmake --build "$build" --parallel "$(nproc)" --target hedon
printf '#!/bin/sh\nexec qemu-%s -L %s "%s" "$@"\n' "$arch" "$root" "$PWD/$build/hedon" \
  >"$build/hedon-$arch"
chmod +x "$build/hedon-$arch"
if [ -z "$pattern" ]; then
  sh tests/golden/golden.sh "$build/hedon-$arch" tests/golden/hashes.txt
  exit
fi

awk -v pattern="$pattern" '!/^#/ && NF && $1 " " $2 ~ pattern' tests/golden/runs.txt >"$build/runs.txt"
HEDON_RUNS=$build/runs.txt sh tests/golden/runs.sh "$build/hedon-$arch" 1 >"$build/hashes.txt"
[ -s "$build/hashes.txt" ] || {
  echo "cross: no run of tests/golden/runs.txt matches '$pattern'" >&2
  exit 1
}
grep -Fxvf tests/golden/hashes.txt "$build/hashes.txt" && {
  echo "cross: these hashes are not as recorded" >&2
  exit 1
}
echo "ok   $(wc -l <"$build/hashes.txt") hashes on $arch are as recorded"
