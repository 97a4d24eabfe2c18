# shellcheck shell=bash
# The components of a cluster as processes: STATE/NAME.pid and STATE/log/NAME.log for each.

# start NAME COMMAND...: outlives this script, takes nothing of its environment and its open files along. SC_JOB_GOGC is for
# it: more memory, and less time spent on collecting garbage
start() {
  local name=$1
  shift
  setsid "${INSIDE[@]}" env -i PATH="$PATH" HOME="$HOME" ETCD_UNSUPPORTED_ARCH=arm64 ${SC_JOB_GOGC:+GOGC="$SC_JOB_GOGC"} "$@" \
    </dev/null >>"$STATE/log/$name.log" 2>&1 8>&- 9>&- &
  echo $! >"$STATE/$name.pid"
}

# component NAME: prints its process id, if that still is a process of this cluster. Every component names the
# state directory on its command line, so an id that the system has given to somebody else is told apart.
component() {
  local id
  [[ -s $STATE/$1.pid ]] && read -r id <"$STATE/$1.pid" || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$id/cmdline" | grep -qF "$STATE/" && echo "$id"
} 2>/dev/null

# components: the names of all that this cluster has started
components() {
  local file
  for file in "$STATE"/*.pid; do
    [[ -e $file ]] || continue
    file=${file##*/}
    echo "${file%.pid}"
  done
}

# stop SECONDS NAME...: asks all at once, and ends those that have not gone after SECONDS
stop() {
  local seconds=$1 name id tenths
  shift
  for name; do
    # a paused process acts on the request only when it is continued
    if id=$(component "$name"); then kill -TERM "$id" && kill -CONT "$id"; fi 2>/dev/null || true
  done
  for name; do
    tenths=$((seconds * 10))
    while id=$(component "$name"); do
      if ((tenths-- <= 0)); then kill -KILL "$id" 2>/dev/null || true; fi
      sleep 0.1
    done
    rm -f "$STATE/$name.pid"
  done
}

# await SECONDS NAME COMMAND...: repeats COMMAND until it succeeds, and explains when NAME takes too long or any
# component ends: when etcd does, it is the API server that is waited for
await() {
  local seconds=$1 name=$2 other end
  shift 2
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    for other in $(components); do
      component "$other" >/dev/null ||
        fail_with_log "$STATE/log/$other.log" "$other has ended during the start" "Remove the rest: $SELF down"
    done
    ((SECONDS < end)) ||
      fail_with_log "$STATE/log/$name.log" "$name is not ready after $seconds s (waited for: $*)" "Remove the rest: $SELF down"
    sleep 0.1
  done
}
