# shellcheck shell=bash
# The node: containerd with runc and CNI plugins, and the kubelet. What containerd and the kubelet would put in
# places that all clusters of the machine share is put below the state directory, but for what remove_containers removes.

inside_ctr() { ctr --address "$STATE/containerd.sock" --namespace k8s.io "$@"; }

start_containerd() {
  local plugins
  plugins=$(cni_plugins)
  mkdir -p "$STATE/cni"
  cat >"$STATE/cni/10-bridge.conflist" <<C
{"cniVersion": "0.4.0", "name": "sc-job.$NAME", "plugins": [{
  "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
  "ipam": {"type": "host-local", "dataDir": "$STATE/addresses", "ranges": [[{"subnet": "$POD_CIDR"}]], "routes": [{"dst": "0.0.0.0/0"}]}
}]}
C
  # restrict_oom_score_adj: a container of the machine's owner may lack the right to lower the score
  cat >"$STATE/containerd.toml" <<C
version = 2
root = "$STATE/containerd/root"
state = "$STATE/containerd/state"
[grpc]
  address = "$STATE/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$STATE/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$plugins"
    conf_dir = "$STATE/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      Root = "$STATE/runc"
C
  start containerd containerd --config "$STATE/containerd.toml"
}

start_kubelet() {
  local pki=$STATE/pki
  certificate kubelet "/O=system:nodes/CN=system:node:$NODE"
  kubeconfig kubelet "$STATE/kubelet.kubeconfig"
  mkdir -p "$STATE/kubelet"
  # there is no DNS: a look-up in a pod is refused at once, and no pod gets a warning about it
  # no swap, cgroup version or free memory is asked of the machine: it is somebody's own, and the pods are few
  cat >"$STATE/kubelet.yaml" <<C
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $pki/kubelet.crt
tlsPrivateKeyFile: $pki/kubelet.key
containerRuntimeEndpoint: unix://$STATE/containerd.sock
podLogsDir: $STATE/pod-logs
volumePluginDir: $STATE/kubelet/flexvolumes
resolvConf: ""
clusterDNS: ["127.0.0.1"]
failSwapOn: false
failCgroupV1: false
cgroupDriver: cgroupfs
cgroupsPerQOS: false
enforceNodeAllocatable: []
evictionHard: {nodefs.available: "1%", imagefs.available: "1%", memory.available: "50Mi"}
imageGCHighThresholdPercent: 100
C
  start kubelet "$STATE/bin/kubelet" --config="$STATE/kubelet.yaml" --kubeconfig="$STATE/kubelet.kubeconfig" \
    --hostname-override="$NODE" --node-ip="$NODE_IP" --root-dir="$STATE/kubelet" --cert-dir="$pki"
}

# remove_containers: whether containerd still runs or not, as a container outlives it, and its shim too
remove_containers() {
  local task id socket process
  for task in "$STATE"/containerd/state/io.containerd.runtime.v2.task/k8s.io/*/; do
    [[ -d $task ]] || continue
    task=${task%/}
    id=${task##*/}
    runc --root "$STATE/runc/k8s.io" delete --force "$id" 2>/dev/null || true
    socket=$(cat "$task/address" 2>/dev/null) || socket=
    for process in $(pgrep -f "containerd-shim.* -id $id .*-address $STATE/containerd.sock"); do
      kill -KILL "$process" 2>/dev/null || true
    done
    [[ -z $socket ]] || rm -f "${socket#unix://}"
    rm -f "/var/lib/cni/results/sc-job.$NAME-$id-eth0" "/var/lib/cni/results/cni-loopback-$id-lo"
  done
  find /var/log/containers -lname "$STATE/pod-logs/*" -delete 2>/dev/null || true
}

# remove_mounts: the pods' volumes, root file systems and network namespaces, innermost first
remove_mounts() {
  local round mounts
  for round in 1 2 3; do
    mapfile -t mounts < <(awk -v below="$STATE/" 'index($2, below) == 1 { print $2 }' /proc/self/mounts | sort -r)
    ((${#mounts[@]})) || return 0
    ((round == 1)) || sleep 0.2
    umount -l "${mounts[@]}" 2>/dev/null || true
  done
}
