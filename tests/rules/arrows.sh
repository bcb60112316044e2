#!/bin/sh
# Holds the tree to its own rules: who may include whom, unique file names, no functions that end
# or speak for the caller's process, no paths of somebody's machine, nothing left undone.
#
#   arrows.sh ROOT     prints each violation; fails if there is one
set -u
cd "$1" || exit 2
trees=$(ls -d src include cli tests examples bench fuzz tools docs cmake 2>/dev/null)
broken=$(mktemp) || exit 2
trap 'rm -f "$broken"' EXIT

# Each room and the rooms it may use besides itself, from the ground up.
floors='
base
neuron base
rule base
coding base kernel
env base
kernel base neuron rule env
network base neuron rule kernel
net base neuron rule coding env kernel network
search base kernel
grad base neuron kernel
config base neuron rule coding env kernel search
value base neuron rule coding env kernel search config
episode base neuron rule coding env kernel search config
deep base neuron coding env kernel grad config value
learner base neuron rule coding env kernel network net search grad config value episode deep
session base neuron rule coding env kernel network net search grad config value episode deep learner
io base neuron rule coding env kernel network net search grad config value episode deep learner session
study base neuron rule coding env kernel network net search grad config value episode deep learner session io
'
find src -name '*.[ch]' -o -name '*.cpp' | sort | xargs awk -v floors="$floors" '
  function room_of(path) { split(path, part, "/"); return part[2] }
  BEGIN {
    n = split(floors, line, "\n")
    for (i = 1; i <= n; i++) {
      m = split(line[i], word, " ")
      for (j = 1; j <= m; j++) may[word[1], word[j]] = 1
      if (m > 0) known[word[1]] = 1
    }
    for (i = 1; i < ARGC; i++) {
      name = ARGV[i]; sub(/.*\//, "", name); home[name] = room_of(ARGV[i])
    }
  }
  FNR == 1 && !(room_of(FILENAME) in known) { print FILENAME ": a room without a floor" }
  /^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\"")
    if (quoted[2] ~ /^hedon\//) next
    if (!(quoted[2] in home)) print FILENAME ":" FNR ": includes unknown " quoted[2]
    else if (!((room_of(FILENAME), home[quoted[2]]) in may))
      print FILENAME ":" FNR ": " room_of(FILENAME) " may not use " home[quoted[2]] " (" quoted[2] ")"
  }' >>"$broken"

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
  -o -name '*.md' -o -name '*.cmake' -o -name '*.txt' -o -name run \) 2>/dev/null |
  xargs grep -nE '(^|[^A-Za-z0-9_.}])/(home|root|work|opt|mnt|Users)/' |
  sed 's/$/    <- a path of one machine/' >>"$broken"

find $trees -type f | xargs grep -nIwE 'TO[D]O|FIXM[E]|XX[X]|HAC[K]' |
  sed 's/$/    <- left undone/' >>"$broken"

# Links in documents lead somewhere.
for page in *.md docs/*.md; do
  grep -oE '\]\([^)#: ]+' "$page" | sed 's/^](//' | while read -r link; do
    [ -e "$(dirname "$page")/$link" ] || echo "$page: nothing at $link"
  done
done >>"$broken"

if [ -s "$broken" ]; then
  cat "$broken"
  exit 1
fi
echo "the tree keeps its rules"
