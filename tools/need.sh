# need COMMAND PACKAGES: make sure that a command is there, installing Debian's packages if it is
# not. Sourced by the other scripts; touches nothing when nothing is missing.
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
