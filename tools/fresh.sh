#!/bin/sh
# In a fresh root of another system: what the README's first screen says, the quick tests with every
# warning an error, and the Debian package.
#
#   tools/fresh.sh SUITE [ROOT [MIRROR]]      as root; SUITE as debootstrap knows it: trixie, noble
#
# A root that is there is used again; without ROOT it is made below build-fresh. What is tested is the last commit.
set -eu
cd "$(dirname "$0")/.."
suite=${1:?which suite? trixie, noble, ...}
root=${2:-build-fresh/$suite}
. tools/need.sh
need debootstrap debootstrap
need git git
install_missing
[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase "$suite" "$root" ${3:+"$3"} >"$root.log" 2>&1 || {
  tail -3 "$root.log"
  exit 1
}
rm -rf "$root/hedon"
mkdir -p "$root/hedon"
git archive HEAD | tar -x -C "$root/hedon"
cat >"$root/hedon/fresh-inside.sh" <<'INSIDE'
set -eu
cd /hedon
. /etc/os-release
echo "== $PRETTY_NAME"
sh tools/demo.sh
gcc --version | head -1
echo "== warnings are errors, quick tests"
cmake -S . -B build-tests -DHEDON_WERROR=ON >/dev/null
cmake --build build-tests --parallel "$(nproc)" >build-tests/build.log 2>&1 || {
  grep -E "error|warning" build-tests/build.log | head -20
  exit 1
}
ctest --test-dir build-tests -L unit --parallel "$(nproc)" | tail -4
echo "== package"
apt-get -qq install -y --no-install-recommends dpkg-dev >/dev/null
(cd build && cpack >/dev/null)
apt-get -qq install -y ./build/hedon_*.deb >/dev/null
cd /
hedon train cartpole --quiet
INSIDE
exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
  sh /hedon/fresh-inside.sh
