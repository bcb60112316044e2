#!/bin/sh
# The tool does not link libraries that it loads when they are needed (cmake/loaded.cmake): finding their
# symbols would take most of the time of every start. Where one of them is gone by then, what needs it fails in
# a sentence that names it.
#     linked.sh HEDON
set -u
hedon=$1
command -v objdump >/dev/null || { echo "objdump is missing: not tested"; exit 77; }
linked=$(objdump -p "$hedon" | grep NEEDED) || { echo "objdump shows no libraries of $hedon: not tested"; exit 77; }
if echo "$linked" | grep -E 'libmujoco|libsqlite3|libmicrohttpd'; then
  echo "these are linked, and should be loaded"
  exit 1
fi

# In place of each library a file that is none.
broken=$(mktemp -d) || exit 1
trap 'rm -rf "$broken"' EXIT
for name in $(grep -aoE 'lib(mujoco|sqlite3|microhttpd)\.so[.0-9]*' "$hedon" | sort -u); do
  echo "no library" >"$broken/$name"
done
# expect LIBRARY COMMAND...: unless the tool was built without it.
expect() {
  library=$1
  shift
  ls "$broken/$library".so* >/dev/null 2>&1 || { echo "SKIPPED: built without $library"; return; }
  said=$(cd "$broken" && LD_LIBRARY_PATH=$broken "$hedon" "$@" 2>&1 </dev/null) && echo "hedon $* did not fail" && exit 1
  [ "$(echo "$said" | wc -l)" = 1 ] && echo "$said" | grep -q "^hedon: .*cannot be .*$library" && return
  echo "hedon $*: $said"
  exit 1
}
expect libmujoco train HalfCheetah-v4
expect libsqlite3 runs reindex .
expect libmicrohttpd watch .

# Runs whose folder has an index are listed without SQLite.
if ls "$broken"/libsqlite3.so* >/dev/null 2>&1; then
  (cd "$broken" && "$hedon" train bandit --steps 10 --quiet --out runs/one >/dev/null && "$hedon" runs reindex runs >/dev/null) || exit 1
  listed=$(cd "$broken" && LD_LIBRARY_PATH=$broken "$hedon" runs runs 2>said | tail -1)
  if [ "$listed" != "1 run" ] || ! grep -q 'runs/runs.sqlite is left alone' "$broken/said"; then
    echo "hedon runs without SQLite: $listed"
    cat "$broken/said"
    exit 1
  fi
fi
