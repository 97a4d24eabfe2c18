# shellcheck shell=bash
# The public linters of tests/policies.rs, into the cache, once per set of versions: kubeconform and kube-score from Go
# modules, checkov from PyPI, and the schemas of what they judge: Kubernetes' kinds, and those of Flux and Argo CD that
# docs/gitops.md has examples of. Each schema comes from the module of the project that has the kind.

PACKAGE+=([pip3]=python3-pip [python3]=python3)

# only a file of the module is needed, so that no go.mod requires it
ARGO_CD=github.com/argoproj/argo-cd/v3@v3.5.7

# seen on 2 cores with nothing downloaded yet
declare -A LINTERS_TAKE=([go]="2-3 min" [python]="1-2 min")

# lacking_for_policies: why they cannot be tried here; nothing if they can
lacking_for_policies() {
  if ! command -v go >/dev/null; then
    echo "Go is not installed"
  elif ! have python3 pip3; then
    echo "Python or pip is not installed"
  elif ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python is older than 3.11"
  fi
}

# linters_key KIND: changes with what they are made of
linters_key() {
  local hash
  cd "$ROOT/tests/policies" || return
  read -r hash _ < <(case $1 in
    go) cat ./*.go go.mod go.sum flux/* ../cluster/kube/go.mod "$ROOT/scripts/lib/policies.bash" ;;
    # a wheel is for one version of Python
    python) cat requirements.txt && python3 --version ;;
  esac | sha256sum)
  echo "${hash:0:12}"
}

# module_directory MODULE[@VERSION]: where Go has unpacked it; the version is that of go.mod, or the one given
module_directory() { go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'; }

# make_go_linters DIRECTORY, in tests/policies
make_go_linters() {
  local kubernetes argo types=github.com/fluxcd
  export CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off GOTOOLCHAIN=local
  kubernetes=$(cd ../cluster/kube && module_directory k8s.io/kubernetes) && argo=$(cd / && module_directory "$ARGO_CD") || return
  go build -trimpath -o "$1/" . tool || return
  # Flux's modules that carry the definitions themselves are not all served; its types are
  (cd flux && go tool controller-gen crd "paths=$types/helm-controller/api/v2" "paths=$types/source-controller/api/v1" "output:crd:dir=$1/flux") || return
  "$1/policies" "$1/schemas" "$kubernetes/api/openapi-spec/swagger.json" "$1"/flux/*.yaml "$argo/manifests/crds/application-crd.yaml"
}

# make_linters KIND DIRECTORY, in tests/policies
make_linters() {
  case $1 in
    go) make_go_linters "$2" ;;
    python)
      python3 -m venv --without-pip "$2" &&
        python3 -m pip --python "$2/bin/python" install --require-hashes --no-deps --only-binary :all: --requirement requirements.txt
      ;;
  esac
}

# linters KIND: prints their directory
linters() (
  key=$(linters_key "$1") && cd "$ROOT/tests/policies" || exit
  cached "policies-$1" "$key" "the linters of the chart ($1)" "${LINTERS_TAKE[$1]}" make_linters "$1"
)

# with_linters COMMAND...: with the settings by which the tests find them
with_linters() {
  local go python
  go=$(linters go) && python=$(linters python) || return
  env "SC_JOB_TEST_LINTERS=$go" "SC_JOB_TEST_CHECKOV=$python" "$@"
}
