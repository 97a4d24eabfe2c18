# shellcheck shell=bash
# Programs that come from the distribution, and the Debian package each of them is in.

declare -A PACKAGE=(
  [buildah]=buildah
  [busybox]=busybox-static
  [containerd]=containerd
  [ctr]=containerd
  [docker-registry]=docker-registry
  [etcd]=etcd-server
  [flock]=util-linux
  [ip]=iproute2
  [iptables]=iptables
  [nsenter]=util-linux
  [openssl]=openssl
  [pgrep]=procps
  [runc]=runc
)

# cni_plugins: the directory of the CNI plugins (Debian's, else the one upstream's archive is unpacked to)
cni_plugins() {
  local directory
  for directory in /usr/lib/cni /opt/cni/bin; do
    if [[ -x $directory/bridge && -x $directory/host-local ]]; then
      echo "$directory"
      return
    fi
  done
  return 1
}

# static FILE: whether it is a program that needs no shared library, as in an image made from scratch
static() { ! LC_ALL=C ldd "$1" 2>/dev/null | grep -q '=>\|ld-linux'; }

# missing_packages PROGRAM...: the packages, one a line, of those that are not there
missing_packages() {
  local program path
  for program; do
    if [[ $program == cni ]]; then
      cni_plugins >/dev/null || echo containernetworking-plugins
    elif ! path=$(command -v "$program") || { [[ $program == busybox ]] && ! static "$path"; }; then
      echo "${PACKAGE[$program]}"
    fi
  done | sort -u
}

# require_programs PROGRAM...: installs what is missing where that is possible, else says what to install
require_programs() {
  local packages log
  mapfile -t packages < <(missing_packages "$@")
  ((${#packages[@]})) || return 0
  if ((UID != 0)) || ! command -v apt-get >/dev/null; then
    fail "not installed: ${packages[*]}" \
      "On Debian or Ubuntu: sudo apt-get install ${packages[*]}" \
      "Elsewhere, install what these Debian packages hold: $*"
  fi
  log=$CACHE/apt.log
  mkdir -p "$CACHE"
  say "installing Debian packages: ${packages[*]}"
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"; } \
    </dev/null >"$log" 2>&1; then
    fail_with_log "$log" "apt-get could not install ${packages[*]}" "Install them by hand, then run this again."
  fi
  mapfile -t packages < <(missing_packages "$@")
  ((${#packages[@]} == 0)) || fail "still missing after the installation: ${packages[*]}" "See $log"
}

# install_without_starting PACKAGE...: for servers, of which the tests start their own
install_without_starting() (
  policy=/usr/sbin/policy-rc.d log=$CACHE/apt.log
  mkdir -p "$CACHE"
  if [[ ! -e $policy ]]; then
    trap 'rm -f "$policy"' EXIT
    # the packages ask it before they start a service, and 101 forbids that
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  say "installing Debian packages: $*"
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } </dev/null >"$log" 2>&1 ||
    fail_with_log "$log" "apt-get could not install $*" "Install them by hand, then run this again."
  # nor are they to start with the machine
  for package; do
    case $package in docker-registry | postgresql | redis-server) systemctl --quiet disable "$package" 2>/dev/null || true ;; esac
  done
)
