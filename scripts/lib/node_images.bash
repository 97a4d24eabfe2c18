# shellcheck shell=bash
# The two images a node needs before any other: the one that holds a pod's namespaces, and one with a shell.
# Both are Debian's static busybox, so they need neither a compiler nor a registry.

# pack NAME OPTION VALUE: prints the path of an archive of localhost/NAME:1 with busybox in it
pack() {
  local name=$1 busybox archive tree container builder=(buildah --storage-driver vfs --root "$IMAGES/storage" --runroot "$IMAGES/run")
  shift
  busybox=$(command -v busybox)
  archive=$IMAGES/$name-$(cat "$busybox" "${BASH_SOURCE[0]}" | sha256sum | cut -c 1-12).tar
  if [[ ! -e $archive ]]; then
    mkdir -p "$IMAGES"
    exec 9>"$IMAGES/.lock"
    flock 9
    tree=$(mktemp -d)
    mkdir "$tree/bin" "$tree/tmp"
    install -m 0755 "$busybox" "$tree/bin/busybox"
    "$tree/bin/busybox" --list | grep -vx busybox | while read -r applet; do ln -s busybox "$tree/bin/$applet"; done
    # Debian's busybox has env, and not the printenv that samples of workloads like to run
    [[ -e $tree/bin/printenv ]] || install -m 0755 /dev/stdin "$tree/bin/printenv" <<<$'#!/bin/sh\nexec env'
    chmod 0755 "$tree"
    chmod 1777 "$tree/tmp"
    rm -f "$IMAGES/$name"-*
    container=$("${builder[@]}" from scratch 9>&-)
    {
      "${builder[@]}" copy --chown 0:0 "$container" "$tree" /
      "${builder[@]}" config "$@" "$container"
      "${builder[@]}" commit --quiet "$container" "oci-archive:$archive.new:localhost/$name:1"
      "${builder[@]}" rm "$container"
    } >/dev/null 9>&-
    mv "$archive.new" "$archive"
    rm -rf "$tree"
    exec 9>&-
  fi
  echo "$archive"
}

# pause waits and reaps, and ends at once when asked: as process 1 of its namespace, `sleep` alone would ignore SIGTERM
pause_image() { pack pause --entrypoint '["/bin/sh", "-c", "trap exit TERM INT; while :; do sleep 86400 & wait; done"]'; }

busybox_image() { pack busybox --cmd /bin/sh; }
