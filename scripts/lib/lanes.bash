# shellcheck shell=bash
# shellcheck disable=SC2034 # LANE is read in steps.bash
# Steps side by side: a lane is a function with steps, one after the other, in a process of its own. A step may wait for
# one of its own lane or of an earlier one, so that lanes can also run one by one.

# what a lane takes at most: the link of the image, or a node and what runs on it
LANE_TAKES_GIB=4

declare -A RUNNING_LANES=() # by process group

# lanes_at_once: as many as memory and processors allow
lanes_at_once() {
  local free limit lanes
  if [[ -n ${SC_JOB_TEST_LANES:-} ]]; then
    [[ $SC_JOB_TEST_LANES =~ ^[1-9]$ ]] || fail "SC_JOB_TEST_LANES is \"$SC_JOB_TEST_LANES\"" "It is a number from 1 to 9."
    echo "$SC_JOB_TEST_LANES"
    return
  fi
  lanes=$(($(getconf _NPROCESSORS_ONLN) + 1))
  free=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo 2>/dev/null) || true
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null) || true
  if [[ $limit == +([0-9]) && -n $free ]] && ((limit / 1024 < free)); then free=$((limit / 1024)); fi
  if [[ -n $free ]] && ((lanes > free / 1024 / 1024 / LANE_TAKES_GIB)); then lanes=$((free / 1024 / 1024 / LANE_TAKES_GIB)); fi
  echo $((lanes > 0 ? lanes : 1))
}

# side_by_side LANE...: the first ones first
side_by_side() {
  local lane width last=$SECONDS
  width=$(lanes_at_once)
  while (($# + ${#RUNNING_LANES[@]})); do
    while (($# && ${#RUNNING_LANES[@]} < width)); do
      start_lane "$1"
      shift
    done
    sleep 0.5
    for lane in "${!RUNNING_LANES[@]}"; do
      kill -0 "$lane" 2>/dev/null && continue
      # the first one is the culprit: others may have waited for its steps
      wait "$lane" || echo "${RUNNING_LANES[$lane]}" >>"$STEPS/broken"
      unset "RUNNING_LANES[$lane]"
    done
    if ((SECONDS - last >= 60)); then
      last=$SECONDS
      tell_running
    fi
  done
}

# start_lane LANE: job control gives it a process group, which stop_lanes can end as a whole
start_lane() {
  set -m
  (
    set +m
    LANE=$1
    "$1"
  ) </dev/null &
  RUNNING_LANES[$!]=$1
  set +m
}

tell_running() {
  local running begin name text=''
  for running in "$STEPS"/running/*; do
    read -r begin name 2>/dev/null <"$running" || continue
    text+="${text:+; }$name ($(duration $((SECONDS - begin))))"
  done
  [[ -z $text ]] || say "running  $text"
}

# stop_lanes: takes the steps along when the script is interrupted
stop_lanes() {
  local lane
  for lane in "${!RUNNING_LANES[@]}"; do
    if kill -TERM -- "-$lane" 2>/dev/null; then wait "$lane" || true; fi
  done
}
