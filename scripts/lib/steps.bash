# shellcheck shell=bash
# The steps of scripts/test: each runs whatever became of the others, and all are told again at the end.

results=() failed=0 skipped=0
declare -A cause=() # of each step that was to pass and did not: the step that failed

# conclude VERDICT TEXT
conclude() { results+=("$(printf '%8s  %s' "$1" "$2")"); }

# step NAME COMMAND...: a failure is told at the end too, and the other steps still run
step() {
  local name=$1 begin=$SECONDS verdict=passed
  shift
  say "== $name"
  "$@" || {
    verdict=FAILED cause[$name]=$name
    failed=$((failed + 1))
  }
  conclude "$verdict" "$name ($(duration $((SECONDS - begin))))"
}

skip() {
  say "== $1: skipped, $2"
  conclude skipped "$1: $2"
  skipped=$((skipped + 1))
}

# after NEEDED NAME COMMAND...: a step that could only fail when the step NEEDED did not pass
after() {
  local needed=$1
  shift
  if [[ -n ${cause[$needed]:-} ]]; then
    cause[$1]=${cause[$needed]}
    skip "$1" "the step \"${cause[$1]}\" failed"
  else
    step "$@"
  fi
}

# finish: tells what became of each step; fails when one did
finish() {
  note "" "${results[@]}" ""
  if ((failed)); then
    fail "$failed of ${#results[@]} steps failed, and $skipped were skipped" "What each said is above, below \"== NAME\"."
  fi
  say "all that can run here has passed"
}
