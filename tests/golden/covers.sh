#!/bin/sh
# What recorded runs cover: every method, every word that an option may be (of neurons, codings,
# rules, searches, readouts, ...), and every option at a value that is not its default.
#
#   covers.sh HEDON RUNS HASHES     runs.txt and hashes.txt; prints what no run covers, fails if
#                                   there is anything
set -eu
hedon=$1
runs=$2
hashes=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# names KIND: what `hedon list KIND` prints
names() { "$hedon" list "$1" --json | grep -o '"name":"[^"]*"' | sed 's/.*:"//; s/"//'; }

# fields: options in JSON, one a line, as key|value|default|type|allowed
fields() {
  text='"\([^"]*\)"'
  sed -n "s/.*\"key\":$text,\"value\":$text,\"default\":$text,.*\"type\":$text,\"allowed\":$text.*/\\1|\\2|\\3|\\4|\\5/p"
}

"$hedon" explain --options --json | fields >"$scratch/options"
[ -s "$scratch/options" ] || { echo "no options read from hedon explain --options --json"; exit 1; }
awk -F'|' '{ print $1 "|" $3 }' "$scratch/options" >"$scratch/defaults"

# Options of every recorded run: the defaults, its method's and its task's, and then its own.
grep -v '^#' "$runs" | while read -r task run settings; do
  [ -n "$task" ] || continue
  if ! grep -q "^$task $run [0-9]" "$hashes"; then
    echo "$task $run has no hash; tools/regold.sh records it" >&2
    continue
  fi
  echo "method|${run%%+*}"
  "$hedon" explain "${run%%+*}" "$task" --json | fields >"$scratch/preset"
  printf '%s\n' eval_every=500 $settings | sed 's/=/|/' | awk -F'|' '
    { value[$1] = $2 }
    END { for (key in value) print key "|" value[key] }' "$scratch/defaults" "$scratch/preset" -
done >"$scratch/covered" 2>"$scratch/missing"

# A membrane that is read out is a neuron of the model leaky, and membrane_tau its time constant; a
# critic network has neurons, too; dynamics are joined by +.
awk -F'|' '
  { n = split($2, word, "+"); for (i = 1; i <= n; i++) print $1 "|" word[i] }
  $1 == "readout" && $2 ~ /^membrane/ { print "neuron|leaky" }
  $1 == "membrane_tau" { print "leaky.tau|" $2 }
  $1 == "critic.neuron" { print "neuron|" $2 }' "$scratch/covered" |
  sort -u >"$scratch/values"

# wanted: option|word of all that has to be covered; option|!default where any other value will do.
{
  names methods | sed 's/^/method|/'
  grep -v '^critic.neuron|' "$scratch/options" | while IFS='|' read -r key _ default type allowed; do
    case $type,$allowed in
      name,*'hedon list'*) names "$(echo "$allowed" | sed 's/.*list \([a-z]*\).*/\1/')" ;;
      name,*) echo "$allowed" | tr -d ' ' | tr ',' '\n' ;;
      *) echo "!$default" ;;
    esac | sed "s/^/$key|/"
  done
} >"$scratch/wanted"
awk -F'|' '
  FNR == NR { has[$1, $2] = 1; any[$1] = any[$1] $2 "|"; next }
  $2 ~ /^!/ {
    rest = any[$1]; sub(/^!/, "", $2); n = split(rest, v, "|")
    for (i = 1; i < n; i++) if (v[i] != $2) next
    print $1 ": no recorded run sets it to another value than " $2; next
  }
  !(($1, $2) in has) { print $1 " " $2 ": no recorded run" }' "$scratch/values" "$scratch/wanted" \
  >>"$scratch/missing"

if [ -s "$scratch/missing" ]; then
  cat "$scratch/missing"
  exit 1
fi
echo "ok   $(wc -l <"$scratch/wanted") methods, words and options, each in a recorded run"
