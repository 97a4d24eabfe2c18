# shellcheck shell=bash
# What tests need beside Kubernetes and Helm, in the cache, once per set of versions and sources.

# cached NAME KEY WHAT TAKES COMMAND...: prints NAME's directory for KEY. Where there is none yet, COMMAND fills the
# directory that is its last argument, which then appears whole or not at all, and those of other keys go. One at a time
# on this machine.
cached() (
  trap 'exit 143' TERM
  name=$1 target=$BUILDS/$1-$2 what=$3 takes=$4
  shift 4
  mkdir -p "$BUILDS" || exit
  exec 9>"$BUILDS/.$name.lock"
  flock 9 || exit
  if [[ ! -d $target ]]; then
    fresh=$target.new log=$BUILDS/$name.log
    trap 'rm -rf "$fresh"' EXIT
    say "making $what, usually $takes on 2 cores"
    rm -rf "$BUILDS/$name"-*
    mkdir "$fresh" || exit
    "$@" "$fresh" </dev/null >"$log" 2>&1 9>&- ||
      fail_with_log "$log" "$what could not be made" "If it was the network, run this again: what was downloaded is not downloaded twice."
    rm -f "$log"
    mv -T "$fresh" "$target" || exit
  fi
  echo "$target"
)
