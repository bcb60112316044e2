#!/bin/sh
# Install into a fresh prefix, move it, and build a program against the copy: with pkg-config and a
# compiler, and with CMake's find_package, shared and static. Each program is run. A plug-in is
# compiled against the copy as well, and the installed tool trains with it.
#
#   install.sh CMAKE BUILD_DIR CC [CFLAGS...]
set -eu
cmake=$1 build=$2 cc=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset DESTDIR HEDON_ISA
"$cmake" --install "$build" --prefix "$scratch/first" >/dev/null
mv "$scratch/first" "$scratch/prefix"
prefix=$scratch/prefix

echo "the tool"
[ "$("$prefix"/bin/hedon --version)" = "hedon $(sed -n 's/.*VERSION_STRING "\(.*\)"/\1/p' \
  "$here/../../include/hedon/base.h")" ]

echo "the manual page"
page=$prefix/share/man/man1/hedon.1
[ "$(sed -n 1p "$page" | cut -c 1-11)" = ".TH HEDON 1" ]
! command -v groff >/dev/null || [ -z "$(groff -man -ww -z "$page" 2>&1)" ]

echo "every header stands alone"
for header in "$prefix"/include/hedon/*.h; do
  echo "#include <hedon/$(basename "$header")>" >"$scratch/alone.c"
  "$cc" -std=c11 -pedantic -Wall -Wextra -Werror -I"$prefix/include" -fsyntax-only "$scratch/alone.c"
done

echo "find_package"
"$cmake" -S "$here/project" -B "$scratch/project" -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_C_COMPILER="$cc" -DCMAKE_C_FLAGS="$*" >"$scratch/log" || { cat "$scratch/log"; exit 1; }
"$cmake" --build "$scratch/project" >"$scratch/log" || { cat "$scratch/log"; exit 1; }
"$scratch"/project/with_hedon
"$scratch"/project/with_hedon_static

# train_with PLUGIN.SO
train_with() {
  "$prefix"/bin/hedon --plugin "$1" train Catch-v0 --steps 5000 --set eval_episodes=10 rule=hebb \
    --out "$1.run" --quiet
  "$prefix"/bin/hedon --plugin "$1" eval "$1.run" --episodes 10
}

echo "a plug-in that is linked with nothing"
compile_plugin() { "$cc" "$@" -std=c11 -Wall -Wextra -Werror -shared -fPIC -I"$prefix/include"; }
compile_plugin "$@" "$here/../../examples/catch.c" -o "$scratch/catch.so"
train_with "$scratch/catch.so"

echo "a plug-in that is linked with the shared library"
libs=$(dirname "$(find "$prefix" -name libhedon.a)")
compile_plugin "$@" "$here/../../examples/catch.c" -o "$scratch/linked.so" \
  -Wl,--no-as-needed -L"$libs" -lhedon -Wl,-rpath,"$libs"
train_with "$scratch/linked.so"

if ! command -v pkg-config >/dev/null; then
  echo "skip pkg-config: not on this machine"
  exit
fi
echo "pkg-config"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name hedon.pc)")
export PKG_CONFIG_PATH
libdir=$(pkg-config --variable=libdir hedon)
"$cc" "$@" "$here/outside.c" -o "$scratch/outside" $(pkg-config --cflags --libs hedon)
LD_LIBRARY_PATH=$libdir "$scratch/outside"
"$cc" "$@" "$here/outside.c" -o "$scratch/outside" $(pkg-config --cflags hedon) \
  "$libdir/libhedon.a" $(pkg-config --static --libs hedon | sed 's/-lhedon//')
"$scratch/outside"
