# need COMMAND PACKAGES: make sure that a command is there, installing Debian's packages if it is
# not. Sourced by the other scripts; touches nothing when nothing is missing.
#
# want FILE PACKAGES: the same for what can be left out, if FILE is in none of the usual places.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "please install, as root: $missing" >&2
    exit 1
  fi
}

missing=
need() {
  command -v "$1" >/dev/null || missing="$missing $2"
}

wanted=
want() {
  [ -e "/usr/$1" ] || [ -e "/usr/local/$1" ] || wanted="$wanted $2"
}

install_wanted() {
  [ -n "$wanted" ] || return 0
  if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; }; then
    echo "installing, if they can be had:$wanted"
    { as_root apt-get -qq update &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        $wanted; } >/dev/null 2>&1 || echo "left out:$wanted"
  else
    echo "left out:$wanted"
  fi
  wanted=
}

install_missing() {
  [ -n "$missing" ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "please install:$missing" >&2
    exit 1
  fi
  echo "installing:$missing"
  as_root apt-get -qq update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
    $missing >/dev/null
  missing=
}
