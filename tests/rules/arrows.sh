#!/bin/sh
# Holds the tree to its own rules: who may include whom (src/ROOMS), no circles of files, public
# headers each implemented in one room, unique file names, no functions that end the process or
# print, no paths of somebody's machine, nothing left undone.
#
#   arrows.sh ROOT     prints each violation; fails if there is one
set -u
cd "$1" || exit 2
trees=$(ls -d src include cli tests examples bench fuzz tools docs cmake python web 2>/dev/null)
broken=$(mktemp) || exit 2
trap 'rm -f "$broken"' EXIT

sources=$(find src -name '*.c' -o -name '*.cpp' | sort)
headers=$(find src -name '*.h' | sort)
rules=tests/rules
awk -f $rules/rooms.awk src/ROOMS $sources $headers >>"$broken"
awk -f $rules/circles.awk src/ROOMS include/hedon/*.h $sources $sources >>"$broken"

# The table in docs/architecture.md has the rooms of src/ROOMS in that order, and in its last column
# the rooms that each may use: libc for none.
awk '
  $1 == "room" {
    uses = "libc"
    for (i = 3; i <= NF; i++) uses = i == 3 ? $i : uses ", " $i
    print $2 " | " uses
  }' src/ROOMS >"$broken.rooms"
sed -n 's/^| \[src\/\([a-z]*\)\].* | \([^|]*\) |$/\1 | \2/p' docs/architecture.md >"$broken.table"
diff "$broken.rooms" "$broken.table" |
  sed -n 's/^</docs\/architecture.md: its table of rooms lacks:/p
          s/^>/docs\/architecture.md: not so in src\/ROOMS:/p' >>"$broken"
rm -f "$broken.rooms" "$broken.table"

# A client sees the installed headers and its own.
for client in cli examples; do
  [ -d "$client" ] || continue
  find "$client" -name '*.[ch]' | while read -r file; do
    sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\(.*\)".*/\1/p' "$file" | while read -r name; do
      case $name in hedon/*) [ -f "include/$name" ] ;; *) [ -f "$client/$name" ] ;; esac ||
        echo "$file: a client may not include $name"
    done
  done
done >>"$broken"

find src cli tests -name '*.[ch]' -o -name '*.cpp' | sed 's|.*/||' | sort | uniq -d |
  sed 's/$/: two files of this name/' >>"$broken"

find src -name '*.[ch]' -o -name '*.cpp' | xargs grep -nE \
  '(^|[^A-Za-z0-9_])(s?rand|exit|_Exit|abort|v?printf|puts|putchar|perror|sprintf|strcpy|strcat|strtok|atoi|atof)[ ]*\(|[^A-Za-z0-9_](stdout|stderr)[^A-Za-z0-9_]' |
  sed 's/$/    <- not in the library/' >>"$broken"

find $trees README.md .ci -type f \( -name '*.[ch]' -o -name '*.cpp' -o -name '*.sh' -o -name '*.py' \
  -o -name '*.md' -o -name '*.cmake' -o -name '*.txt' -o -name '*.js' -o -name run \) 2>/dev/null |
  xargs grep -nE '(^|[^A-Za-z0-9_.}])/(home|root|work|opt|mnt|Users)/' |
  sed 's/$/    <- a path of one machine/' >>"$broken"

find $trees -type f | xargs grep -nIwE 'TO[D]O|FIXM[E]|XX[X]|HAC[K]' |
  sed 's/$/    <- left undone/' >>"$broken"

# Links in documents lead somewhere.
for page in *.md docs/*.md docs/dev/*.md; do
  grep -oE '\]\([^)#: ]+' "$page" | sed 's/^](//' | grep -vx 'https*' | while read -r link; do
    [ -e "$(dirname "$page")/$link" ] || echo "$page: nothing at $link"
  done
done >>"$broken"

if [ -s "$broken" ]; then
  cat "$broken"
  exit 1
fi
echo "the tree keeps its rules"
