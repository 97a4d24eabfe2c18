# shellcheck shell=bash
# What a person sees while a script works. All of it goes to stderr: stdout belongs to results.

BEGIN=${EPOCHREALTIME/[^0-9]/}

# say TEXT: one finished or starting step, with the seconds since the script began
say() {
  local tenths=$(((${EPOCHREALTIME/[^0-9]/} - BEGIN) / 100000))
  printf '%6d.%d s  %s\n' $((tenths / 10)) $((tenths % 10)) "$*" >&2
}

# note LINE...: without a time
note() { printf '%s\n' "$@" >&2; }

# fail WHAT REMEDY...: ends the script
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  (($# == 0)) || printf '  %s\n' "$@" >&2
  exit 1
}

# fail_with_log LOG WHAT REMEDY...: the same, after the last lines of a log
fail_with_log() {
  local log=$1
  shift
  if [[ -s $log ]]; then
    note "--- last lines of $log"
    tail -n 15 "$log" | cut -c 1-500 >&2
    note "---"
  fi
  fail "$@" "The whole log: $log"
}

# duration SECONDS: "2 min 10 s"
duration() {
  if (($1 < 60)); then echo "$1 s"; else echo "$(($1 / 60)) min $(($1 % 60)) s"; fi
}
