# shellcheck shell=bash
# A cluster that is not made here: one that a kubeconfig names, or one of kind's.

# require_tool PROGRAM...: as these clusters are used with the tools they were made with, nothing is built for them
require_tool() {
  local program
  for program; do
    command -v "$program" >/dev/null || fail "$program is not installed, and a $MODE cluster is used through it" "Install $program, then run this again."
  done
}

# adopt_cluster CHOICE: context:NAME, kubeconfig:FILE or kind
adopt_cluster() {
  local choice=$1
  MODE=${choice%%:*}
  case $choice in
    context:?*)
      require_tool kubectl
      prepare_state
      kubectl config view --minify --flatten --context "${choice#*:}" >"$STATE/kubeconfig" || {
        rm -rf "$STATE"
        fail "there is no context ${choice#*:}" "Those that there are: kubectl config get-contexts"
      }
      ;;
    kubeconfig:?*)
      require_tool kubectl
      [[ -r ${choice#*:} ]] || fail "${choice#*:} cannot be read"
      prepare_state
      kubectl config view --flatten --kubeconfig "${choice#*:}" >"$STATE/kubeconfig" || {
        rm -rf "$STATE"
        fail "${choice#*:} is not a kubeconfig"
      }
      ;;
    kind)
      require_tool kubectl kind docker
      docker info >/dev/null 2>&1 || fail "Docker does not answer, and kind needs it" "Start Docker, or leave out --kind for a cluster without it."
      prepare_state
      say "kind creates the cluster $NAME"
      kind create cluster --name "$NAME" --kubeconfig "$STATE/kubeconfig" --wait 120s >&2
      ;;
    *) fail "SC_JOB_CLUSTER is \"$choice\"" "Known are context:NAME, kubeconfig:FILE and kind." ;;
  esac
  existing_ready || fail "the API server of $choice does not answer" "Try it: kubectl --kubeconfig $STATE/kubeconfig get --raw /readyz"
  if [[ $MODE == kind ]]; then load_image "$(busybox_image)"; fi
  echo "$MODE" >"$STATE/mode"
  say "using $choice"
}

existing_ready() { kubectl --kubeconfig "$STATE/kubeconfig" --request-timeout 10s get --raw /readyz >/dev/null; }

# release_cluster: what was made here goes, what was there before stays
release_cluster() {
  if [[ $MODE == kind ]]; then
    kind delete cluster --name "$NAME" >&2
  else
    say "leaving the cluster of $STATE/kubeconfig as it is"
  fi
}
