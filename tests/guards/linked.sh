#!/bin/sh
# The tool does not link libraries that it loads when they are needed (cmake/loaded.cmake): finding their
# symbols would take most of the time of every start.
#     linked.sh HEDON
command -v objdump >/dev/null || { echo "objdump is missing: not tested"; exit 77; }
linked=$(objdump -p "$1" | grep NEEDED) || { echo "objdump shows no libraries of $1: not tested"; exit 77; }
if echo "$linked" | grep -E 'libmujoco|libsqlite3|libmicrohttpd'; then
  echo "these are linked, and should be loaded"
  exit 1
fi
