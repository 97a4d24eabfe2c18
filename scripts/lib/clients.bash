# shellcheck shell=bash
# The client libraries of tests/clients, into the cache, once per set of versions and sources.

PACKAGE+=([javac]=default-jdk-headless [mvn]=maven [node]=nodejs [npm]=npm [pip3]=python3-pip [python3]=python3)

declare -A LANGUAGE=([python]=Python [node]=Node.js [java]=Java [go]=Go)
# seen on 2 cores with nothing downloaded yet
declare -A LIBRARIES_TAKE=([python]="30 s" [node]="30 s" [java]="40 s" [go]="1-2 min")
declare -A LANGUAGE_TESTS=([python]=python:: [node]=node:: [java]="java:: spring::" [go]=go::)

# lacking_for LANGUAGE: why its libraries cannot be tried here; nothing if they can
lacking_for() {
  case $1 in
    python)
      if ! have python3 pip3; then
        echo "Python or pip is not installed"
      elif ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "Python is older than 3.11"
      fi
      ;;
    node)
      if ! have node npm; then
        echo "Node.js or npm is not installed"
      elif ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
        echo "Node.js is older than 20.19"
      fi
      ;;
    java)
      if ! have javac mvn; then
        echo "a JDK or Maven is not installed"
      elif ! javac --release 17 -version >/dev/null 2>&1; then
        echo "Java is older than 17"
      fi
      ;;
    go) command -v go >/dev/null || echo "Go is not installed" ;;
  esac
}

# libraries_key LANGUAGE: changes with what they are made of
libraries_key() {
  local hash made_of
  cd "$ROOT/tests/clients" || return
  case $1 in
    python) made_of=(python/requirements.txt) ;;
    node) made_of=(node/package.json node/package-lock.json) ;;
    java) made_of=(java/*.* java/boot2/*) ;;
    go) made_of=(go/*) ;;
  esac
  read -r hash _ < <({
    cat "${made_of[@]}"
    # a wheel is for one version of Python
    [[ $1 != python ]] || python3 --version
  } | sha256sum)
  echo "${hash:0:12}"
}

# make_libraries LANGUAGE DIRECTORY, in the language's own directory
make_libraries() {
  case $1 in
    python)
      python3 -m venv --without-pip "$2" &&
        python3 -m pip --python "$2/bin/python" install --require-hashes --no-deps --only-binary :all: --requirement requirements.txt
      ;;
    node)
      cp package.json package-lock.json "$2" && npm ci --prefix "$2" --ignore-scripts --no-audit --no-fund
      ;;
    java)
      local project
      for project in . boot2; do
        mvn --batch-mode --file "$project/pom.xml" dependency:copy-dependencies -DoutputDirectory="$2/$project/lib" || return
      done
      javac -cp "$2/lib/*" -d "$2/classes" ./*.java &&
        javac -cp "$2/boot2/lib/*" -d "$2/boot2/classes" Connections.java Spring.java boot2/*.java
      ;;
    go) CGO_ENABLED=0 GOFLAGS=-mod=readonly GOWORK=off GOTOOLCHAIN=local go build -trimpath -o "$2/clients" . ;;
  esac
}

# libraries LANGUAGE: prints their directory
libraries() (
  key=$(libraries_key "$1") && cd "$ROOT/tests/clients/$1" || exit
  cached "clients-$1" "$key" "the client libraries of ${LANGUAGE[$1]}" "${LIBRARIES_TAKE[$1]}" make_libraries "$1"
)

# with_libraries LANGUAGE COMMAND...: with the settings by which the tests find them
with_libraries() {
  local language=$1 directory
  shift
  directory=$(libraries "$language") || return
  case $language in
    python) env "SC_JOB_TEST_PYTHON=$directory/bin/python" "$@" ;;
    node) env "SC_JOB_TEST_NODE_MODULES=$directory/node_modules" "$@" ;;
    java)
      env "SC_JOB_TEST_JAVA_CLASSPATH=$directory/classes:$directory/lib/*" \
        "SC_JOB_TEST_JAVA_BOOT2_CLASSPATH=$directory/boot2/classes:$directory/boot2/lib/*" "$@"
      ;;
    go) env "SC_JOB_TEST_GO_PROGRAM=$directory/clients" "$@" ;;
  esac
}

# test_libraries LANGUAGE: its part of tests/clients
test_libraries() {
  local filters
  read -ra filters <<<"${LANGUAGE_TESTS[$1]}"
  with_libraries "$1" cargo test --locked --offline --quiet --test clients -- --ignored "${filters[@]}"
}
