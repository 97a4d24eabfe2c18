# shellcheck shell=bash
# What was released before this: the chart and the image of the commit before, into the cache, once per commit.

# what a release is made of
RELEASED=(chart src build.rs Cargo.toml Cargo.lock)

# seen on 2 cores where this commit's image was built already, so that the dependencies were too
PREVIOUS_TAKES="1-2 min"

# previous_commit: the last one but this to change what a release is made of; nothing where Git knows of none
previous_commit() {
  local commits
  mapfile -t commits < <(git -C "$ROOT" log --first-parent -2 --format=%H -- "${RELEASED[@]}" 2>/dev/null)
  if git -C "$ROOT" diff --quiet HEAD -- "${RELEASED[@]}" 2>/dev/null; then
    echo "${commits[1]:-}"
  else
    echo "${commits[0]:-}"
  fi
}

# lacking_for_previous: why no upgrade from the commit before can be tried; nothing if it can
lacking_for_previous() {
  if ! git -C "$ROOT" rev-parse --git-dir >/dev/null 2>&1; then
    echo "this is no Git repository, so there is no earlier commit"
  elif [[ -z $(previous_commit) ]]; then
    echo "Git has no earlier commit of chart or program here (a shallow clone: git fetch --deepen=50)"
  fi
}

previous_directory() { echo "$BUILDS/previous-${1:0:12}"; }

# build_previous COMMIT: one at a time on this machine; prints the directory, which appears whole or not at all
build_previous() (
  target=$(previous_directory "$1") source=$BUILDS/previous-source
  mkdir -p "$BUILDS"
  exec 9>"$BUILDS/.previous.lock"
  flock 9
  if [[ ! -d $target ]]; then
    fresh=$target.new log=$BUILDS/previous.log
    trap 'rm -rf "$fresh" "$source"' EXIT
    say "building chart and image of commit ${1:0:12}, usually $PREVIOUS_TAKES on 2 cores"
    rm -rf "$fresh" "$source" "$BUILDS"/previous-????????????
    mkdir "$fresh" "$source"
    git -C "$ROOT" archive "$1" | tar -x -C "$source"
    # in this commit's target directory its dependencies are compiled, and mostly they are the same
    CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target} "$source/scripts/image" --tag "${target##*/}" \
      --archive "$fresh/image.tar" </dev/null >"$fresh/image" 2>"$log" 9>&- ||
      fail_with_log "$log" "the image of commit ${1:0:12} could not be built" "Does it build by itself? git worktree add ../before ${1:0:12}"
    mv "$source/chart" "$fresh/chart"
    rm -f "$log"
    mv -T "$fresh" "$target"
  fi
  echo "$target"
)
