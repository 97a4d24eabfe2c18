# shellcheck shell=bash
# What the steps of scripts/test run.

# tests ARGUMENTS...: of cargo's, with what earlier steps have given
tests() { with_given cargo test --locked --offline --quiet "$@"; }

# give NAME=VALUE: to the steps that come later, whichever lane they are in
give() { echo "$1" >>"$STEPS/given"; }

# with_given COMMAND...
with_given() (
  mapfile -t given <"$STEPS/given"
  # at the usual 100, Helm and kubectl spend a sixth of their time on collecting garbage; an API server grows to 850 MiB
  export GOGC=400 SC_JOB_GOGC=400 "${given[@]}"
  "$@"
)

scripts_are_sound() {
  local file files=()
  while read -r file; do
    if [[ $file == *.bash ]] || head -n 1 "$file" | grep -q '^#!.*sh$'; then files+=("$file"); fi
  done < <(git ls-files scripts tests/scripts .ci)
  shellcheck --external-sources "${files[@]}" && tests/scripts/lanes.bash
}

# cargo_deny comes from the machine, or is built once (5 min on 2 cores)
cargo_deny() {
  local version=0.20.2 program
  program=$BUILDS/cargo-deny-$version/bin/cargo-deny
  if [[ ! -x $program ]]; then
    say "building cargo-deny $version, usually 4-6 min on 2 cores"
    cargo install --quiet --locked "cargo-deny@$version" --root "$BUILDS/cargo-deny-$version" >&2 || return
  fi
  # it reads the dependencies of every platform, and a build has fetched those of this one
  cargo fetch --locked --quiet && "$program" --offline --all-features "$@"
}

# cluster COMMAND ARGUMENTS...: one serves the tests of the API and those of the node
cluster() { "$ROOT/scripts/cluster" "$1" --name sc-job-test "${@:2}"; }

# start_cluster OPTION...: from here on there is one to take down
start_cluster() {
  touch "$STEPS/cluster"
  with_given cluster up "$@"
}

# tests_on_cluster ARGUMENTS...
tests_on_cluster() { with_given cluster exec -- cargo test --locked --offline --quiet "$@"; }

# tests_with_oldest_helms ARGUMENTS...: the same, with the oldest Helm 3 and Helm 4 that the README promises
tests_with_oldest_helms() { with_given with_oldest_helms cluster exec -- cargo test --locked --offline --quiet "$@"; }

# build_released: the tests with an API server run what users get. It also takes half the time of a debug build, and they
# start it some thousand times. A copy, since the commit before is built in the same place
build_released() {
  local built
  built=$(build_program) && cp --remove-destination "$built" "$built-under-test" &&
    give "SC_JOB_TEST_PROGRAM=$built-under-test"
}

# lacking_for_program: why it cannot be built here; nothing if it can. The tests run their own build then
lacking_for_program() {
  local host
  host=$(rustc -vV | sed -n 's/^host: //p')
  if [[ $host != *-linux-gnu ]]; then
    echo "it is built on Linux with glibc, and this is $host"
  elif [[ $(cc -print-file-name=libc.a 2>/dev/null) != */libc.a ]]; then
    echo "there is no static glibc (libc6-dev, glibc-static)"
  fi
}

# load_image_of_this: onto the node, with the program that the other tests run
load_image_of_this() {
  local archive=$IMAGES/sc-job-test.tar image program
  program=$(sed -n 's/^SC_JOB_TEST_PROGRAM=//p' "$STEPS/given")
  image=$("$ROOT/scripts/image" --binary "$program" --tag test --archive "$archive" | tail -n 1) || return
  give "SC_JOB_TEST_IMAGE=$image"
  cluster load "$archive" >/dev/null
}

# load_image_of_previous: of the commit before, onto the node
load_image_of_previous() {
  local directory
  directory=$(previous "$(previous_commit)") || return
  give "SC_JOB_TEST_PREVIOUS_CHART=$directory/chart"
  give "SC_JOB_TEST_PREVIOUS_IMAGE=$(tail -n 1 "$directory/image")"
  cluster load "$directory/image.tar" >/dev/null
}

# on_api_server VERSION: the chart and the job on another version of the API server
on_api_server() { SC_JOB_API_SERVER=$1 tests --test api_versions --test guard -- --ignored; }

# build_each WHAT...: one after the other, as two API servers at once ask for much memory and save no time
build_each() {
  local what
  for what; do "$ROOT/scripts/cluster" build "$what" || return; done
}

# with_oldest_helms COMMAND...
with_oldest_helms() {
  local helm3 helm4
  helm3=$(artifact helm3-oldest) && helm4=$(artifact helm4-oldest) || return
  SC_JOB_TEST_HELM3=$helm3 SC_JOB_TEST_HELM4=$helm4 "$@"
}
