# shellcheck shell=bash
# Kubernetes and Helm from their Go modules, into the cache, once per version. What is built is called FAMILY, or
# FAMILY-VARIANT for another version of the same, and these tables are by family.

declare -A TITLE=([kube]=Kubernetes [apiserver]="Kubernetes' API server" [helm3]=Helm [helm4]=Helm)
# seen on 2 cores with an empty Go cache
declare -A MINUTES=([kube]="5-6 min" [apiserver]="4-7 min" [helm3]="2-3 min" [helm4]="2-3 min")
declare -A PROGRAM=([kube]=kube [apiserver]=kube-apiserver [helm3]=helm [helm4]=helm)
declare -A PACKAGE_PATH=([kube]=. [apiserver]=k8s.io/kubernetes/cmd/kube-apiserver
  [helm3]=helm.sh/helm/v3/cmd/helm [helm4]=helm.sh/helm/v4/cmd/helm)
declare -A COMPILER=() # process group of each running build

family() { echo "${1%%-*}"; }

title() { echo "${TITLE[$(family "$1")]} $(version "$1")"; }

# artifact WHAT: the path of its program in the cache
artifact() {
  local program number
  program=${PROGRAM[$(family "$1")]:-}
  number=$(version "$1") || exit
  echo "$BUILDS/$program-$number/$program"
}

built() { [[ -x $(artifact "$1") ]]; }

# unbuilt WHAT...: those that are not in the cache
unbuilt() {
  local what
  for what; do
    version "$what" >/dev/null || exit
    built "$what" || echo "$what"
  done
}

# require_go WHAT...: a Go that is new enough for each go.mod, as nothing here should download a toolchain by itself
require_go() {
  local what wanted found
  command -v go >/dev/null || fail "Go is not installed, and $(title "$1") is built with it" "Install it from https://go.dev/dl or your distribution, then run this again."
  found=$(GOTOOLCHAIN=local go env GOVERSION)
  found=${found#go}
  for what; do
    wanted=$(sed -n 's/^go //p' "$ROOT/tests/cluster/$what/go.mod")
    [[ $(printf '%s\n' "$wanted" "${found%%[- ]*}" | sort -V | head -n 1) == "$wanted" ]] ||
      fail "$(title "$what") needs Go $wanted or newer, and this is Go $found" "Install a newer one from https://go.dev/dl, then run this again."
  done
}

# linker_flags WHAT: the versions that the release builds of upstream carry
linker_flags() {
  local number client
  number=$(version "$1")
  case $(family "$1") in
    kube | apiserver)
      local package=k8s.io/component-base/version
      client=${number#*.}
      echo "-X $package.gitVersion=v$number -X $package.gitMajor=${number%%.*} -X $package.gitMinor=${client%%.*}"
      ;;
    helm3)
      # without these, Helm 3 takes 1.20 for the cluster's version in `helm template` and `helm lint`
      client=$(module_version "$1" k8s.io/client-go)
      client=${client#*.}
      echo "-X helm.sh/helm/v3/internal/version.version=v$number"
      for package in pkg/lint/rules pkg/chartutil; do
        echo "-X helm.sh/helm/v3/$package.k8sVersionMajor=1 -X helm.sh/helm/v3/$package.k8sVersionMinor=${client%%.*}"
      done
      ;;
    helm4) echo "-X helm.sh/helm/v4/internal/version.version=v$number" ;;
  esac
}

# compile WHAT: one at a time on this machine; the program appears in its place whole or not at all
compile() (
  target=$(artifact "$1")
  directory=${target%/*}
  exec 9>"$BUILDS/.${directory##*/}.lock"
  flock 9
  [[ -x $target ]] && exit
  fresh=$directory.new
  trap 'rm -rf "$fresh"' EXIT
  trap 'exit 143' TERM
  rm -rf "$fresh" "$directory"
  cd "$ROOT/tests/cluster/$1" || exit
  CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off GOTOOLCHAIN=local \
    go build -trimpath -ldflags "-s -w $(linker_flags "$1" | tr '\n' ' ')" -o "$fresh/${target##*/}" "${PACKAGE_PATH[$(family "$1")]}" || exit
  mv -T "$fresh" "$directory"
)

# stop_builds: takes the compilers along when the script is interrupted
stop_builds() {
  local what
  for what in "${!COMPILER[@]}"; do
    if kill -TERM -- "-${COMPILER[$what]}" 2>/dev/null; then wait "${COMPILER[$what]}" || true; fi
  done
}

# describe WHAT...: "Kubernetes 1.35.4 (5-6 min) and Helm 4.3.1 (2-3 min)", with a cold Go cache
describe() {
  local what text=
  for what; do text+="${text:+ and }$(title "$what") (${MINUTES[$(family "$what")]})"; done
  echo "$text"
}

# build WHAT...: side by side, with a sign of life every 30 s
build() {
  local what log missing begin=$SECONDS last=$SECONDS
  mapfile -t missing < <(unbuilt "$@")
  ((${#missing[@]})) || return 0
  require_go "${missing[@]}"
  mkdir -p "$BUILDS"
  say "building $(describe "${missing[@]}"); minutes are those of 2 cores"
  trap stop_builds EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # job control gives each build a process group, which Ctrl-C does not reach and stop_builds can end as a whole
  set -m
  for what in "${missing[@]}"; do
    compile "$what" </dev/null >"$BUILDS/$what.log" 2>&1 &
    COMPILER[$what]=$!
  done
  set +m
  while ((${#COMPILER[@]})); do
    sleep 0.5
    for what in "${!COMPILER[@]}"; do
      kill -0 "${COMPILER[$what]}" 2>/dev/null && continue
      log=$BUILDS/$what.log
      wait "${COMPILER[$what]}" || {
        unset "COMPILER[$what]"
        fail_with_log "$log" "$(title "$what") could not be built" "If a module could not be downloaded, check \`go env GOPROXY\` and run this again: what is compiled stays compiled."
      }
      unset "COMPILER[$what]"
      rm -f "$log"
      say "built $(title "$what") in $(duration $((SECONDS - begin)))"
    done
    if ((${#COMPILER[@]} && SECONDS - last >= 30)); then
      last=$SECONDS
      for what in "${!COMPILER[@]}"; do
        say "still building $(title "$what"), $(duration $((SECONDS - begin))), usually ${MINUTES[$(family "$what")]} on 2 cores"
      done
    fi
  done
  trap - EXIT INT TERM
}
