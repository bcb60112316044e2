#!/bin/sh
# Spelling of every page, source and script, by codespell where it is installed.
#
#   spelling.sh ROOT
#
# Tests misspell on purpose and are left alone, as are data and recordings; so are two names.
set -eu
cd "$1"
command -v codespell >/dev/null || {
  echo "skipped: codespell is not installed, so nothing reads the spelling"
  exit 77
}
for part in README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md CMakeLists.txt bench cli cmake docs examples include \
  python src tests/README.md tests/pages tests/rules tools; do
  [ ! -e "$part" ] || set -- "$@" "$part"
done
shift
codespell --ignore-words-list ssee --ignore-regex '\b(Teh|Meger)\b' \
  --skip '*.json,*.svg,*.png,*.webp,*/build*,*.so,*/__pycache__/*' "$@"
echo "no word is misspelt as codespell knows them"
