#!/bin/sh
# Any bytes as checkpoints of the format as it is now, whose seeds the tool makes first: files that
# were kept would one day load no more, and nothing behind their header would be reached.
#
#   fresh.sh HEDON FUZZ_CHECKPOINT VARIANTS
set -eu
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
sh "$(dirname "$0")/../tools/make_corpus.sh" "$1" "$seeds"
"$2" "$seeds/checkpoint" "$3"
