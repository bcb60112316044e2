#!/bin/sh
# Install what the tests need and run them all: with clang, with the address and undefined-behaviour
# sanitizers, without optimisation, with the thread sanitizer, and at last the release as it is
# used, and the wheel of the Python package that is made of it. Every build compares its runs with
# the same recorded hashes, so they also agree with each other.
#
#   tools/test.sh [NAME...]     all, or some of: clang tidy asan debug tsan release wheel
set -eu
cd "$(dirname "$0")/.."
. tools/need.sh
need gcc "gcc libc6-dev"
need cmake cmake
need make make
need clang clang
need pkg-config pkg-config
need python3 python3
need valgrind valgrind
want bin/g++ g++
want bin/clang-tidy clang-tidy
want bin/codespell codespell
want bin/doxygen doxygen
want include/box2d/b2_world.h libbox2d-dev
want include/mujoco/mujoco.h libmujoco-dev
want share/python-wheels python3-venv
install_missing
install_wanted
jobs=$(nproc)
werror=OFF
[ "${CI:-}" != true ] || werror=ON

# check PRESET TARGET CTEST-FLAGS...: build it and run its tests
check() {
  preset=$1 target=$2
  shift 2
  dir=build-$preset
  echo "== $preset"
  mkdir -p "$dir"
  {
    cmake --preset "$preset" -DHEDON_WERROR=$werror &&
      cmake --build --preset "$preset" --parallel "$jobs" --target "$target"
  } >"$dir/build.log" 2>&1 || {
    cat "$dir/build.log"
    return 1
  }
  ctest --test-dir "$dir" --output-on-failure --timeout 900 --parallel "$jobs" "$@"
}

# The checks of .clang-tidy, on every source that the clang build compiles but the kernels' loops.
tidy() {
  command -v clang-tidy >/dev/null || {
    echo "== no clang-tidy"
    return 0
  }
  echo "== tidy"
  cmake --preset clang >/dev/null
  sed -n 's/^ *"file": "\(.*\/\(src\|cli\)\/.*\.c\)".*/\1/p' build-clang/compile_commands.json | grep -v kernel_impl |
    sort -u | xargs -P "$jobs" -n 16 clang-tidy -quiet -p build-clang 2>/dev/null
}

# A build that fails hides none of the others.
failed=
for name in ${*:-clang tidy asan debug tsan release wheel}; do
  case $name in
    clang) if command -v clang >/dev/null; then check clang all -L same; else echo "== no clang"; fi ;;
    tidy) tidy ;;
    # Memory is checked by the others, in a tenth of the time; same compares what golden does.
    asan) check asan all -LE learning -E "^(golden|cli_bench_reads|cli_study_ranks)$" ;;
    debug) check debug hedon -R "^golden$" ;;
    tsan) check tsan threads_tests -L threads ;;
    wheel) echo "== wheel" && sh tools/wheel.sh build-release ;;
    *) check "$name" all ;;
  esac || failed="$failed $name"
done
[ -z "$failed" ] || {
  echo "failed:$failed" >&2
  exit 1
}
