# shellcheck shell=bash
# The steps of scripts/test: each runs whatever became of the others, and all are told again at the end. What becomes of
# one is a file, as they run in several processes (lanes.bash).

declare -A lacking=() # by what a step needs and this machine has not: the reason to skip it

# begin_steps: sets STEPS, where they are kept
begin_steps() {
  STEPS=$(mktemp -d)
  mkdir "$STEPS"/{verdicts,running,logs}
  touch "$STEPS/results"
}

# verdict_of NAME: the file that is there when a step has ended; it is empty if the step passed, else says what did not
verdict_of() { echo "$STEPS/verdicts/${1//\//_}"; }

# conclude NAME VERDICT TEXT [CAUSE]
conclude() {
  printf '%8s  %s\n' "$2" "$3" >>"$STEPS/results"
  printf '%s' "${4:-}" >"$STEPS/verdicts/.$BASHPID"
  mv "$STEPS/verdicts/.$BASHPID" "$(verdict_of "$1")"
}

# step NAME COMMAND...: a failure is told at the end too, and the other steps still run
step() {
  local name=$1 begin=$SECONDS verdict=passed because='' took
  shift
  say "begins   $name"
  run_step "$name" "$@" || verdict=FAILED because="the step \"$name\" failed"
  took=$(duration $((SECONDS - begin)))
  tell_step "$(say "$verdict   $name ($took)" 2>&1)"
  conclude "$name" "$verdict" "$name ($took)" "$because"
}

# run_step NAME COMMAND...: what a step of a lane prints is kept until it has ended, as others print too
run_step() {
  local name=$1
  shift
  if [[ -z ${LANE:-} ]]; then
    "$@"
    return
  fi
  echo "$SECONDS $name" >"$STEPS/running/$LANE"
  "$@" </dev/null >"$STEPS/logs/$LANE" 2>&1
}

# tell_step TEXT: one at a time, each with all that it has printed
tell_step() {
  if [[ -z ${LANE:-} ]]; then
    note "$1"
    return
  fi
  rm "$STEPS/running/$LANE"
  until mkdir "$STEPS/telling" 2>/dev/null; do sleep 0.1; done
  note "$1"
  cat "$STEPS/logs/$LANE" >&2
  rmdir "$STEPS/telling"
}

# skip NAME REASON
skip() {
  say "skipped  $1: $2"
  conclude "$1" skipped "$1: $2" "the step \"$1\" was skipped"
}

# await_step NAME: it may be one of an earlier lane
await_step() {
  until [[ -e $(verdict_of "$1") ]]; do
    [[ ! -e $STEPS/broken ]] || exit 1
    sleep 0.2
  done
}

# after NEEDED NAME COMMAND...: a step that could only fail when the step NEEDED did not pass
after() {
  local because
  await_step "$1"
  because=$(why_not "$1")
  shift
  if [[ -z $because ]]; then
    step "$@"
  else
    say "skipped  $1: $because"
    conclude "$1" skipped "$1: $because" "$because"
  fi
}

# unless_lacking WHAT step NAME COMMAND..., or WHAT after NEEDED NAME COMMAND...
unless_lacking() {
  local reason=${lacking[$1]:-}
  shift
  if [[ -z $reason ]]; then
    "$@"
  elif [[ $1 == after ]]; then
    skip "$3" "$reason"
  else
    skip "$2" "$reason"
  fi
}

# why_not NAME: what did not pass; nothing if the step did
why_not() { cat "$(verdict_of "$1")"; }

# finish: tells what became of each step; fails when one did
finish() {
  local results failed skipped broken
  mapfile -t results <"$STEPS/results"
  failed=$(grep -c '^ *FAILED ' "$STEPS/results") || true
  skipped=$(grep -c '^ *skipped ' "$STEPS/results") || true
  note "" "${results[@]}" ""
  if [[ -e $STEPS/broken ]]; then
    read -r broken <"$STEPS/broken"
    fail "a defect of scripts/test: $broken ended before its time, and what comes after it did not run"
  fi
  if ((failed)); then
    fail "$failed of ${#results[@]} steps failed, and $skipped were skipped" "What each said is above, below \"FAILED\" and its name."
  fi
  say "all that can run here has passed"
}
