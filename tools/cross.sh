#!/bin/sh
# Build the tool for another machine with Debian's cross compiler, and compare what it computes under
# qemu with the recorded hashes. Slow: about half an hour of CPU.
#
#   tools/cross.sh [aarch64 | riscv64]      needs gcc-ARCH-linux-gnu and qemu-user
set -eu
cd "$(dirname "$0")/.."
arch=${1:-aarch64}
for program in "$arch-linux-gnu-gcc" "qemu-$arch"; do
  command -v "$program" >/dev/null || {
    echo "cross: no $program here: apt install gcc-$(echo "$arch" | tr _ -)-linux-gnu qemu-user" >&2
    exit 1
  }
done
root=/usr/$arch-linux-gnu
cmake -S . -B "build-$arch" -DCMAKE_BUILD_TYPE=Release -DCMAKE_SYSTEM_NAME=Linux \
  -DCMAKE_SYSTEM_PROCESSOR="$arch" -DCMAKE_C_COMPILER="$arch-linux-gnu-gcc" \
  -DCMAKE_FIND_ROOT_PATH="$root" -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY \
  -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DHEDON_TESTS=OFF -DHEDON_EXAMPLES=OFF >/dev/null
cmake --build "build-$arch" --parallel "$(nproc)" --target hedon
printf '#!/bin/sh\nexec qemu-%s -L %s "%s" "$@"\n' "$arch" "$root" "$PWD/build-$arch/hedon" \
  >"build-$arch/hedon-$arch"
chmod +x "build-$arch/hedon-$arch"
sh tests/golden/golden.sh "build-$arch/hedon-$arch" tests/golden/hashes.txt
