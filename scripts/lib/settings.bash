# shellcheck shell=bash
# shellcheck disable=SC2034 # read by the scripts that source this file
# Where everything is, and which version of it: the go.mod files below tests/cluster are the one place for versions.

if ((BASH_VERSINFO[0] < 5)); then
  echo "error: this is bash $BASH_VERSION, and the scripts need bash 5 or newer" >&2
  exit 1
fi

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/sc-job
BUILDS=$CACHE/builds
IMAGES=$CACHE/images
CLUSTERS=${TMPDIR:-/tmp}
CLUSTERS=${CLUSTERS%/}/sc-job-$UID

# Debian leaves these out of an ordinary user's PATH, and ip, iptables and runc live there
PATH=$PATH:/usr/sbin:/sbin

NODE=node
SERVICE_IP=10.96.0.1 # the `kubernetes` Service, first address of SERVICE_CIDR
SERVICE_CIDR=10.96.0.0/16
NODE_IP=10.88.0.1 # the bridge: the node's address and the pods' gateway
POD_CIDR=10.88.0.0/16

# module_version DIRECTORY MODULE: the version, without its v, that tests/cluster/DIRECTORY/go.mod requires
module_version() {
  local first second third
  [[ -r $ROOT/tests/cluster/$1/go.mod ]] || fail "there is no \"$1\" to build" "Known are: kube helm3 helm4 $(variants)"
  while read -r first second third _; do
    [[ $first == require ]] && first=$second second=$third
    if [[ $first == "$2" && $second == v* ]]; then
      echo "${second#v}"
      return
    fi
  done <"$ROOT/tests/cluster/$1/go.mod"
  fail "tests/cluster/$1/go.mod requires no $2" "Restore the file: git checkout tests/cluster/$1/go.mod"
}

# version WHAT: of kube, helm3, helm4 or another directory of tests/cluster with a go.mod, named FAMILY-VARIANT
version() {
  case $1 in
    kube | apiserver-*) module_version "$1" k8s.io/kubernetes ;;
    helm3 | helm3-*) module_version "$1" helm.sh/helm/v3 ;;
    helm4 | helm4-*) module_version "$1" helm.sh/helm/v4 ;;
    *) fail "there is no \"$1\" to build" "Known are: kube helm3 helm4 $(variants)" ;;
  esac
}

# variants: what is built beside kube, helm3 and helm4
variants() {
  local directories=("$ROOT"/tests/cluster/*-*/)
  directories=("${directories[@]%/}")
  echo "${directories[@]##*/}"
}
