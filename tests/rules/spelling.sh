#!/bin/sh
# Spelling of every page, source and script, by codespell where it is installed.
#
#   spelling.sh ROOT
#
# Words that tests misspell on purpose, and a name, are left alone; so are data and recordings.
set -eu
cd "$1"
command -v codespell >/dev/null || {
  echo "skipped: codespell is not installed, so nothing reads the spelling"
  exit 77
}
misspelt_by_tests=ssee,lern,hiden,retrn,trian,alpah,retunrs,lenght
for folder in README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md CMakeLists.txt cli cmake docs examples include src \
  python tests tools bench; do
  [ ! -e "$folder" ] || set -- "$@" "$folder"
done
shift
codespell --ignore-words-list "$misspelt_by_tests" --ignore-regex '\bTeh\b' \
  --skip '*.json,*.svg,*.npy,*.npz,*.safetensors,*.h5,*/build*,*.so,*/golden/*,*/__pycache__/*,*/data/*,*/recorded/*' "$@" || {
  echo "a word that a test misspells on purpose belongs into tests/rules/spelling.sh" >&2
  exit 1
}
echo "no word is misspelt as codespell knows them"
