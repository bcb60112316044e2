#!/bin/sh
# Write docs/synapse-features.md and its picture: what a synapse that learns its weight has to see,
# what one feature of the dynamics is worth to it, and what being told more changes.
# About five minutes of CPU.
#
#   tools/synapse_features.sh [HEDON [FLAG...]]      flags as hedon compare takes them
set -eu
cd "$(dirname "$0")/.."
hedon=${1:-build/hedon}
[ $# -eq 0 ] || shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# compare EXPERIMENT SEEDS: its table, on standard output
compare() {
  "$hedon" compare "$1" --seed 1000 --seeds "$2" $flags --out "$scratch/$1" >&2
  sed "s/(compare\.svg)/($1.svg)/" "$scratch/$1/compare.md"
}

flags=$*
{
  echo '<!-- written by tools/synapse_features.sh -->'
  compare synapse-features 5
  echo
  compare synapse-dynamics 5 | sed '/^!\[/d'
  echo
  compare synapse-likelihood 10 | sed '/^!\[/d'
} >"$scratch/page.md"
cp "$scratch/synapse-features/compare.svg" docs/synapse-features.svg
cp "$scratch/page.md" docs/synapse-features.md
