#!/bin/sh
# Write docs/synapse-features.md and its picture: what a synapse that learns its weight has to see.
# About eight minutes of CPU.
#
#   tools/synapse_features.sh [HEDON [FLAG...]]      flags as hedon compare takes them
set -eu
cd "$(dirname "$0")/.."
hedon=${1:-build/hedon}
[ $# -eq 0 ] || shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$hedon" compare synapse-features --seed 1000 "$@" --out "$scratch"
cp "$scratch/compare.svg" docs/synapse-features.svg
{
  echo '<!-- written by tools/synapse_features.sh -->'
  sed 's/(compare\.svg)/(synapse-features.svg)/' "$scratch/compare.md"
} >docs/synapse-features.md
