# shellcheck shell=bash
# shellcheck disable=SC2034,SC2153 # set here or in settings.bash, read by the others
# A cluster from nothing to ready, and back to nothing.

# use_cluster NAME: which cluster everything below is about
use_cluster() {
  [[ $1 =~ ^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$ ]] ||
    fail "\"$1\" cannot name a cluster" "Use up to 30 lower-case letters, digits and hyphens."
  NAME=$1
  STATE=$CLUSTERS/$NAME
  SELF="scripts/cluster"
  [[ $NAME == sc-job ]] || SELF+=" --name $NAME"
  # the kubelet's longest socket below it has 37 characters, and Linux allows 107
  [[ $STATE != *[[:space:]]* && ${#STATE} -le 70 ]] ||
    fail "$STATE has white space in it, or is too long for the sockets below it" "Set TMPDIR to a shorter directory, or choose a shorter --name."
  MODE=
  [[ ! -s $STATE/mode ]] || MODE=$(<"$STATE/mode")
  enter_cluster
}

# enter_cluster: INSIDE is the prefix of a command that is to reach the API server and the pods
enter_cluster() {
  INSIDE=()
  if [[ $MODE == full ]]; then INSIDE=(nsenter "--net=/run/netns/$NAME" --); fi
  if [[ -s $STATE/ports ]]; then read_ports; fi
}

# lock_cluster: one `up` or `down` of a cluster at a time
lock_cluster() {
  (umask 0077 && mkdir -p "$CLUSTERS")
  [[ -O $CLUSTERS && ! -L $CLUSTERS ]] || fail "$CLUSTERS belongs to somebody else" "Set TMPDIR to a directory of your own."
  exec 8>"$CLUSTERS/.$NAME.lock"
  flock -n 8 && return
  say "waiting for another scripts/cluster that works on $NAME"
  flock 8
}

prepare_state() {
  (umask 0077 && mkdir "$STATE")
  mkdir -p "$STATE/bin" "$STATE/log" "$STATE/pki"
  echo "$MODE" >"$STATE/mode"
  enter_cluster
}

# healthy: whether all that was started still runs (an API server that was stopped on purpose aside) and answers
healthy() {
  local name
  [[ -e $STATE/ready ]] || return 1
  for name in $(components); do component "$name" >/dev/null || return 1; done
  [[ -e $STATE/apiserver.stopped ]] || component apiserver >/dev/null
}

# announce HELM...: at once, whether this will take seconds or minutes
announce() {
  local missing
  mapfile -t missing < <(unbuilt "${CLUSTER_BUILDS[@]}" "$@")
  if ((${#missing[@]})); then
    say "cold start: builds $(describe "${missing[@]}") first; minutes are those of 2 cores with nothing cached"
  elif [[ $MODE == full ]]; then
    say "warm start: all is built, ready in 10-15 s"
  else
    say "warm start: all is built, ready in about 5 s"
  fi
}

# up MODE HELM...: MODE is full or api-only
up() {
  local wanted=$1
  shift
  choose_builds "$wanted"
  if [[ -n $MODE ]] && healthy; then
    [[ $MODE == "$wanted" ]] || fail "the cluster $NAME is up already, as $MODE" "Choose another name (--name), or remove it: $SELF down"
    [[ $(readlink "$STATE/bin/kube-apiserver") == "$(artifact "${CLUSTER_BUILDS[-1]}")" ]] ||
      fail "the cluster $NAME is up already, with another API server" "Choose another name (--name), or remove it: $SELF down"
    [[ ! -e $STATE/apiserver.stopped ]] || api start
    api_ready >/dev/null 2>&1 || fail "the cluster $NAME runs, but its API server does not answer" "Is it paused? $SELF api resume" "Else: $SELF down"
    build "$@"
    say "the cluster $NAME is up already"
    return
  fi
  [[ $wanted == api-only ]] || ((UID == 0)) ||
    fail "a node needs root: network namespace, mounts, containers" "Run it with sudo, or without a node: $SELF up --api-only"
  if [[ -e $STATE ]]; then
    say "removing what is left of an earlier cluster $NAME"
    remove_cluster
  fi
  MODE=$wanted
  announce "$@"
  require_programs etcd openssl flock
  [[ $MODE != full ]] || require_programs containerd ctr runc cni buildah busybox iptables ip nsenter pgrep
  build "${CLUSTER_BUILDS[@]}" "$@"
  prepare_state
  choose_ports
  link_components
  [[ $MODE != full ]] || make_network
  start_control_plane
  [[ $MODE != full ]] || prepare_node
  await 60 apiserver api_ready
  say "API server ready"
  [[ $MODE != full ]] || start_node
  touch "$STATE/ready"
  say "the cluster $NAME is up: Kubernetes $(version "${CLUSTER_BUILDS[-1]}"), $MODE"
  note "look around:  $SELF kubectl get pods -A    $SELF helm list -A    $SELF exec -- bash" "remove it:    $SELF down"
}

prepare_node() {
  start_containerd
  await 20 containerd inside_ctr version
  load_image "$(pause_image)" >/dev/null
  load_image "$(busybox_image)" >/dev/null
  say "containerd ready, with localhost/pause:1 and localhost/busybox:1"
}

start_node() {
  start_controllers
  start_kubelet
  await 60 kubelet inside_kubectl wait --for=condition=Ready "node/$NODE" --timeout=1s
  say "node ready"
  await 30 controller-manager inside_kubectl --namespace default get serviceaccount default
}

# load_image ARCHIVE: an OCI archive into the node
load_image() {
  [[ -r $1 ]] || fail "$1 cannot be read" "Build an archive: scripts/image --archive $1"
  case $MODE in
    full) inside_ctr images import "$1" || fail "containerd cannot import $1" "It takes what scripts/image --archive writes." ;;
    kind) kind load image-archive "$1" --name "$NAME" >&2 ;;
    api-only) fail "the cluster $NAME has no node to load an image into" "Make one with a node: $SELF down && $SELF up" ;;
    *) fail "an image cannot be loaded into a cluster that was not made here" "Push it to a registry that the cluster reaches: scripts/image --push REGISTRY" ;;
  esac
}

remove_cluster() {
  if [[ $MODE == kind || $MODE == context || $MODE == kubeconfig ]]; then
    release_cluster
  elif [[ -n $MODE ]]; then
    stop 5 kubelet scheduler controller-manager
    [[ $MODE != full ]] || remove_containers
    stop 5 apiserver containerd
    stop 5 etcd
    if [[ $MODE == full ]]; then
      remove_mounts
      remove_network
    fi
  fi
  rm -rf --one-file-system "$STATE"
  MODE=
}

down() {
  if [[ ! -e $STATE ]]; then
    say "there is no cluster $NAME: nothing to do"
    return
  fi
  remove_cluster
  say "the cluster $NAME is removed"
}
