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

# make_previous COMMIT DIRECTORY: its chart, its image and the reference of it
make_previous() (
  source=$2/source
  mkdir -p "$source/.cargo"
  # to cargo two packages of one name are one, and what is older than their program needs no build: so that neither commit
  # passes for the other, this one is new and has a setting of its own, which leaves nothing in a stripped program
  git -C "$ROOT" archive "$1" | tar -xm -C "$source" || exit
  printf '[profile.release.package.sc-job]\ndebug = "line-directives-only"\n' >>"$source/.cargo/config.toml"
  # in this commit's target directory its dependencies are compiled, and mostly they are the same
  CARGO_TARGET_DIR=$(realpath -m "${CARGO_TARGET_DIR:-$ROOT/target}")
  export CARGO_TARGET_DIR
  "$source/scripts/image" --tag "previous-${1:0:12}" --archive "$2/image.tar" >"$2/image" || exit
  [[ -n $(find "$CARGO_TARGET_DIR" -path '*/release/sc-job' -newer "$source/Cargo.toml") ]] ||
    fail "cargo has not compiled commit $1" "Remove $CARGO_TARGET_DIR, then run this again."
  mv "$source/chart" "$2/chart" && rm -rf "$source"
)

# previous COMMIT: prints the directory of its chart and image
previous() { cached previous "${1:0:12}" "chart and image of commit ${1:0:12}" "$PREVIOUS_TAKES" make_previous "$1"; }
