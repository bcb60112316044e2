#!/bin/sh
# Which parts of Hedon compile for Windows and macOS, by the cross compiler of the Python package ziglang. Nothing
# is run, and nothing of it is needed to build Hedon.
#
#   tools/foreign.sh x86_64-windows-gnu | aarch64-macos | x86_64-macos [PYTHON]
#
# PYTHON is one that has the package: python3 -m venv ENV && ENV/bin/pip install ziglang, then ENV/bin/python.
set -eu
cd "$(dirname "$0")/.."
target=${1:?which target? x86_64-windows-gnu, aarch64-macos, ...}
python=${2:-python3}
"$python" -m ziglang version >/dev/null 2>&1 || {
  echo "foreign: $python has no package ziglang" >&2
  exit 1
}
case $target in
  *-windows-*) system=Windows ;;
  *-macos*) system=Darwin ;;
  *) system=Linux ;;
esac
build=build-$target
mkdir -p "$build"
for program in cc ar ranlib; do
  flags=
  [ $program != cc ] || flags="-target $target"
  printf '#!/bin/sh\nexec "%s" -m ziglang %s %s "$@"\n' "$(command -v "$python")" $program "$flags" >"$build/zig-$program"
  chmod +x "$build/zig-$program"
done
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_SYSTEM_NAME=$system -DCMAKE_SYSTEM_PROCESSOR="${target%%-*}" \
  -DCMAKE_C_COMPILER="$PWD/$build/zig-cc" -DCMAKE_AR="$PWD/$build/zig-ar" -DCMAKE_RANLIB="$PWD/$build/zig-ranlib" \
  -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY -DCMAKE_FIND_ROOT_PATH=/nowhere \
  -DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY -DHEDON_TESTS=OFF \
  -DHEDON_EXAMPLES=OFF >"$build/configure.log" 2>&1 || {
  tail -20 "$build/configure.log"
  exit 1
}

# part NAME TARGET: build all that can be, and tell how far that went
part() {
  if cmake --build "$build" --parallel "$(nproc)" --target "$2" -- --keep-going >"$build/$2.log" 2>&1; then
    echo "$target: $1 compiles"
  else
    failed=$(sed -n 's/^make\[[0-9]*\]: \*\*\* \[.*\/\([a-z]*\/[a-z_/]*\.c\)\.o[^ ]*\] Error.*/\1/p' "$build/$2.log" | sort -u)
    echo "$target: $1 does not compile; $(echo "$failed" | grep -c .) of its files fail:"
    echo "$failed" | sed 's/^/  /'
    failures=1
  fi
}
failures=0
part "the library" hedon_static
part "the tool" hedon
exit $failures
