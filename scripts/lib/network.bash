# shellcheck shell=bash
# shellcheck disable=SC2034 # the ports are read by the others
# One network namespace for the whole cluster: no port or firewall rule of the machine is touched, no packet of
# the private ranges leaves, several clusters use the same addresses, and removing the namespace removes it all.

make_network() {
  [[ ! -e /run/netns/$NAME ]] ||
    fail "the network namespace $NAME exists, and is not of a cluster in $CLUSTERS" \
      "Choose another name (--name), or remove it: ip netns delete $NAME"
  ip netns add "$NAME"
  touch "$STATE/netns"
  # the bridge is made up front, as the kubelet looks for a default route; the two redirections stand for a
  # kube-proxy, as the API server is the only Service here
  "${INSIDE[@]}" sh -eu <<S
ip link set lo up
ip address add $SERVICE_IP/32 dev lo
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet
ip link add cni0 type bridge
ip address add $NODE_IP/${POD_CIDR#*/} dev cni0
ip link set cni0 up
ip route add default via $NODE_IP dev cni0
for chain in PREROUTING OUTPUT; do
  iptables -w -t nat -A \$chain -d $SERVICE_IP -p tcp --dport 443 -j REDIRECT --to-ports $API_PORT
done
S
}

remove_network() {
  [[ -e $STATE/netns && -e /run/netns/$NAME ]] || return 0
  ip netns delete "$NAME"
}

# free_ports COUNT: ports of the loopback address that nobody listens on and no other cluster of ours has chosen.
# Below 32768 no outgoing connection takes one by chance.
free_ports() {
  local port chosen=()
  while ((${#chosen[@]} < $1)); do
    port=$((20000 + RANDOM % 10000))
    [[ " ${chosen[*]} " != *" $port "* ]] || continue
    ! grep -qsw "$port" "$CLUSTERS"/*/ports || continue
    ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
    chosen+=("$port")
  done
  echo "${chosen[*]}"
}

# choose_ports: ETCD_PORT, ETCD_PEER_PORT and API_PORT, remembered for a restart of the API server
choose_ports() {
  if [[ $MODE == full ]]; then
    echo 2379 2380 6443 >"$STATE/ports"
  else
    exec 9>"$CLUSTERS/.ports.lock"
    flock 9
    free_ports 3 >"$STATE/ports.new"
    mv "$STATE/ports.new" "$STATE/ports"
    exec 9>&-
  fi
  read_ports
}

read_ports() { read -r ETCD_PORT ETCD_PEER_PORT API_PORT <"$STATE/ports"; }
