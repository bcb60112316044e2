#!/bin/sh
# In a fresh root of another system: both commands of the README's first screen, and the Debian package.
#
#   tools/fresh.sh SUITE [ROOT [MIRROR]]      as root; SUITE as debootstrap knows it: trixie, noble
#
# A root that is there is used again; without ROOT it is made below build-fresh. What is tested is the last commit.
# Of the second command, tools/test.sh, the stages that CHECKS names are run: release, if nothing is said. A warning of
# the compiler fails.
set -eu
cd "$(dirname "$0")/.."
suite=${1:?which suite? trixie, noble, ...}
root=${2:-build-fresh/$suite}
. tools/need.sh
need debootstrap debootstrap
need git git
install_missing
mkdir -p "$(dirname "$root")"
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
cmake --version | head -1
if grep -E "warning:" build/demo.log; then exit 1; fi
CI=true sh tools/test.sh $CHECKS
echo "== package"
build=build-release
[ -d $build ] || build=build
apt-get -qq install -y --no-install-recommends dpkg-dev file >/dev/null
(cd $build && cpack >/dev/null)
apt-get -qq install -y ./$build/hedon_*.deb >/dev/null
cd /
hedon train cartpole --quiet
INSIDE
mount -t proc proc "$root/proc"
mount -t devpts devpts "$root/dev/pts" -o newinstance,ptmxmode=0666
trap 'umount "$root/proc" "$root/dev/pts"' EXIT
chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
  CHECKS="${CHECKS:-release}" sh /hedon/fresh-inside.sh
