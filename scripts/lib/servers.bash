# shellcheck shell=bash
# The servers and clients of tests/servers, and a network in which Azure's host names are this machine.

PACKAGE+=(
  [javac]=default-jdk-headless
  [mariadbd]=mariadb-server-core
  [mvn]=maven
  [my_print_defaults]=mariadb-client-core
  [node]=nodejs
  [npm]=npm
  [python3]=python3
  [redis-server]=redis-server
  [unshare]=util-linux
)

# the servers of tests/servers.rs
SERVER_HOSTS='127.0.0.1 localhost
127.0.0.1 scjobtest.postgres.database.azure.com scjobtest.mysql.database.azure.com scjobtest.redis.cache.windows.net
127.0.0.1 scjobtest.blob.core.windows.net
127.0.0.2 scjobtest.queue.core.windows.net
127.0.0.3 scjobtest.table.core.windows.net'

# postgresql_programs: the directory of the newest PostgreSQL's programs, which Debian keeps out of PATH
postgresql_programs() {
  local found
  found=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
  [[ -n $found ]] || found=$(command -v initdb) || return
  echo "${found%/*}"
}

missing_server_packages() {
  missing_packages ip javac mariadbd mvn my_print_defaults node npm openssl python3 redis-server unshare
  postgresql_programs >/dev/null || echo postgresql
  {
    python3 -c 'import ensurepip' || echo python3-venv
    php -r 'exit(extension_loaded("mysqli") && extension_loaded("pgsql") ? 0 : 1);' || printf 'php-%s\n' cli mysql pgsql
    ruby -e 'require "mysql2"; require "pg"' || printf 'ruby%s\n' '' -mysql2 -pg
  } 2>/dev/null
}

# lacking_for_servers: why they cannot run here; nothing if they can, by now
lacking_for_servers() {
  local packages
  if ((UID != 0)); then
    echo "a network of its own needs root; run it with sudo"
  elif ! command -v go >/dev/null; then
    echo "Go is not installed"
  else
    mapfile -t packages < <(missing_server_packages)
    ((${#packages[@]} == 0)) || ! command -v apt-get >/dev/null || install_without_starting "${packages[@]}" || true
    mapfile -t packages < <(missing_server_packages)
    if ((${#packages[@]})); then
      echo "what these Debian packages hold is not installed: ${packages[*]}"
    elif ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
      echo "Node.js is older than 20"
    elif ! unshare --net --mount --ipc --pid --fork true 2>/dev/null; then
      echo "no namespaces can be made here"
    fi
  fi
}

# make_clients DIRECTORY, in tests/servers
make_clients() {
  mkdir "$1/node" && cp node/package.json node/package-lock.json "$1/node" &&
    python3 -m venv "$1/python" &&
    "$1/python/bin/python" -m pip install --require-hashes --no-deps --only-binary :all: --requirement python/requirements.txt &&
    npm ci --prefix "$1/node" --ignore-scripts --no-audit --no-fund &&
    mvn --batch-mode --file java/pom.xml dependency:copy-dependencies -DoutputDirectory="$1/java/lib"
}

# clients: prints the directory of the libraries and of Azurite, once per set of versions, and of the programs each time
clients() (
  cd "$ROOT/tests/servers" || exit
  locks=(java/pom.xml node/package.json node/package-lock.json python/requirements.txt)
  # the wheels are those of one version of Python
  read -r hash _ < <({ python3 --version && cat "${locks[@]}"; } | sha256sum)
  target=$(cached servers "${hash:0:12}" "the clients of Python, Node.js and Java, and Azurite" "1-2 min" make_clients) || exit
  exec 9>"$target.lock"
  flock 9 || exit
  GOFLAGS=-mod=readonly GOWORK=off GOTOOLCHAIN=local go build -C go -o "$target/go/" ./... >&2 &&
    javac -d "$target/java" java/*.java >&2 && echo "$target"
)

# in_own_network COMMAND...: in namespaces where SERVER_HOSTS are this machine, and nothing else can be reached. All
# processes that COMMAND leaves behind end with it, and all files in TMPDIR and shared memory go.
in_own_network() (
  TMPDIR=$(mktemp -d /tmp/sc-job-servers.XXXXXX) || exit
  export TMPDIR
  trap 'rmdir "$TMPDIR"' EXIT
  trap 'exit 143' TERM
  # shellcheck disable=SC2016 # expanded by the inner shell
  unshare --net --mount --ipc --pid --fork --kill-child --mount-proc -- bash -euc '
    mount -t tmpfs -o mode=1777 servers "$TMPDIR"
    echo "$0" >"$TMPDIR/hosts"
    # without the resolvers of this machine, which some systems ask before the hosts file
    printf "%s: files\n" passwd group hosts >"$TMPDIR/nsswitch.conf"
    mount --bind "$TMPDIR/hosts" /etc/hosts
    mount --bind "$TMPDIR/nsswitch.conf" /etc/nsswitch.conf
    ip link set lo up
    "$@"
  ' "$SERVER_HOSTS" "$@"
)

# on_servers COMMAND...: with what the tests of servers need
on_servers() {
  local clients programs
  clients=$(clients) && programs=$(postgresql_programs) &&
    in_own_network env "SC_JOB_TEST_SERVERS=$clients" "SC_JOB_TEST_POSTGRESQL=$programs" "$@"
}
