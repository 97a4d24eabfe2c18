#!/usr/bin/env bash
# The lanes of scripts/test, with steps that do nothing: what is told, and how it ends. Run by scripts/test.
# shellcheck source-path=SCRIPTDIR disable=SC2317,SC2329 # lanes are called by their names
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
source "$here/../../scripts/lib/settings.bash"
source "$here/../../scripts/lib/progress.bash"
source "$here/../../scripts/lib/steps.bash"
source "$here/../../scripts/lib/lanes.bash"

broken() { echo "some output" && return 3; }

first() {
  step "one" true
  step "two" broken
  after "two" "three" true
}

second() {
  after "one" "four" true
  after "three" "five" true
  lacking[six]="there is no six"
  unless_lacking six after "one" "six" true
}

good() { step "one" true; }

dying() { false; }

waiting() { after "never" "seven" true; }

# ends STATUS LANE...: what a run with these lanes tells, without the times
ends() {
  local status=0 wanted=$1
  shift
  (
    begin_steps
    trap 'rm -rf "$STEPS"' EXIT
    side_by_side "$@"
    finish
  ) >"$told" 2>&1 || status=$?
  sed -i 's/ ([0-9]* s)$//' "$told"
  [[ $status == "$wanted" ]] || mistake "exit code $status"
}

tells() { grep -qxF -- "$1" "$told" || mistake "it does not tell \"$1\""; }

mistake() {
  cat "$told" >&2
  fail "the lanes went wrong: $1"
}

told=$(mktemp)
trap 'rm -f "$told"' EXIT
for SC_JOB_TEST_LANES in 1 3; do
  ends 1 first second
  tells "some output"
  tells "  FAILED  two"
  tells ' skipped  three: the step "two" failed'
  tells "  passed  four"
  tells ' skipped  five: the step "two" failed'
  tells " skipped  six: there is no six"
  tells "error: 1 of 6 steps failed, and 3 were skipped"
done
ends 0 good
ends 1 dying waiting first
tells "error: a defect of scripts/test: dying ended before its time, and what comes after it did not run"
