# shellcheck shell=bash
# shellcheck disable=SC2153 # NAME is set by lifecycle.bash
# etcd, the API server, the controller manager and the scheduler.

# link_components: the one Kubernetes program under the name of each component, so that `ps` tells them apart
link_components() {
  local name
  for name in kube-controller-manager kube-scheduler kubelet kubectl; do
    ln -sfn "$(artifact kube)" "$STATE/bin/$name"
  done
  ln -sfn "$(artifact "${CLUSTER_BUILDS[-1]}")" "$STATE/bin/kube-apiserver"
}

# choose_builds MODE: CLUSTER_BUILDS, the last of which has the API server. Another version of it serves a client and
# its requests; a kubelet may not be newer than its API server.
choose_builds() {
  CLUSTER_BUILDS=(kube)
  [[ -n ${SC_JOB_API_SERVER:-} ]] || return 0
  [[ $1 == api-only ]] || fail "a node is Kubernetes $(version kube), and SC_JOB_API_SERVER is \"$SC_JOB_API_SERVER\"" \
    "Unset it, or start the API server alone: $SELF up --api-only"
  CLUSTER_BUILDS+=("apiserver-$SC_JOB_API_SERVER")
}

start_etcd() {
  # what a machine that loses power would lose here is a test's data: no fsync halves the start
  start etcd etcd --data-dir "$STATE/etcd" --unsafe-no-fsync --log-outputs stderr --logger zap \
    --listen-client-urls "http://127.0.0.1:$ETCD_PORT" --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" \
    --listen-peer-urls "http://127.0.0.1:$ETCD_PEER_PORT" --initial-advertise-peer-urls "http://127.0.0.1:$ETCD_PEER_PORT" \
    --initial-cluster "default=http://127.0.0.1:$ETCD_PEER_PORT"
}

start_apiserver() {
  local pki=$STATE/pki address=127.0.0.1 arguments=()
  if [[ $MODE == full ]]; then
    address=0.0.0.0
    # without them, no `kubectl logs`
    arguments=(--kubelet-client-certificate="$pki/admin.crt" --kubelet-client-key="$pki/admin.key"
      --kubelet-certificate-authority="$pki/ca.crt" --kubelet-preferred-address-types=InternalIP)
  fi
  start apiserver "$STATE/bin/kube-apiserver" --etcd-servers="http://127.0.0.1:$ETCD_PORT" \
    --bind-address="$address" --secure-port="$API_PORT" --advertise-address="$SERVICE_IP" \
    --endpoint-reconciler-type=none --service-cluster-ip-range="$SERVICE_CIDR" \
    --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$pki/service-account.key" --service-account-signing-key-file="$pki/service-account.key" \
    "${arguments[@]}"
}

api_ready() { timeout 5 "${INSIDE[@]}" "$STATE/bin/kubectl" --kubeconfig "$STATE/kubeconfig" get --raw /readyz; }

start_control_plane() {
  authority
  certificate apiserver /CN=kube-apiserver
  certificate admin /O=system:masters/CN=admin
  kubeconfig admin "$STATE/kubeconfig"
  start_etcd
  start_apiserver
}

# start_controllers: what makes a Pod out of a Job, and brings it onto the node
start_controllers() {
  local name
  for name in controller-manager scheduler; do
    certificate "$name" "/CN=system:kube-$name"
    kubeconfig "$name" "$STATE/$name.kubeconfig"
  done
  start controller-manager "$STATE/bin/kube-controller-manager" --kubeconfig="$STATE/controller-manager.kubeconfig" \
    --leader-elect=false --use-service-account-credentials --root-ca-file="$STATE/pki/ca.crt" \
    --service-account-private-key-file="$STATE/pki/service-account.key" --flex-volume-plugin-dir="$STATE/kubelet/flexvolumes"
  start scheduler "$STATE/bin/kube-scheduler" --kubeconfig="$STATE/scheduler.kubeconfig" --leader-elect=false
}

# api ACTION: what a test does to the API server while something is running against it
api() {
  local id
  [[ $MODE == full || $MODE == api-only ]] || fail "the API server of $NAME is not ours to $1 (it is $MODE)"
  case $1 in
    stop)
      stop 1 apiserver
      touch "$STATE/apiserver.stopped"
      ;;
    start)
      rm -f "$STATE/apiserver.stopped"
      component apiserver >/dev/null || start_apiserver
      await 60 apiserver api_ready
      ;;
    pause | resume)
      id=$(component apiserver) || fail "the API server of $NAME does not run" "Start it: $SELF api start"
      if [[ $1 == pause ]]; then kill -STOP "$id"; else kill -CONT "$id"; fi
      ;;
    *) fail "there is no action \"$1\" on the API server" "Known are stop, start, pause and resume." ;;
  esac
}
