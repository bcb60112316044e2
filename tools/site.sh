#!/bin/sh
# Make the manual as a site that needs no network, in build-site/html, which may be removed:
#
#   tools/site.sh
#
# Sphinx and its packages of tools/site/requirements.txt are installed into build-site/venv; a link that leads
# nowhere fails.
set -eu
cd "$(dirname "$0")/.."
. tools/need.sh
need python3 "python3 python3-venv"
install_missing
site=build-site
[ -x $site/venv/bin/sphinx-build ] || {
  python3 -m venv $site/venv
  $site/venv/bin/pip install --quiet --disable-pip-version-check -r tools/site/requirements.txt
}
rm -rf $site/pages $site/html
$site/venv/bin/python tools/site/pages.py . $site/pages
$site/venv/bin/sphinx-build -q -W --keep-going -j auto -c tools/site -d $site/doctrees $site/pages $site/html
$site/venv/bin/python tools/site/links.py $site/html
echo "$site/html/index.html"
