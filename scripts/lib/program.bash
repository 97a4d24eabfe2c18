# shellcheck shell=bash
# The program as it is released: optimised, and static.

# cargo_field NAME: from the package table of Cargo.toml
cargo_field() { sed -n "/^\[package\]/,/^\[dep/s/^$1 = \"\(.*\)\"/\1/p" "$ROOT/Cargo.toml"; }

# build_program: prints its path; glibc links statically, so no musl toolchain is needed
build_program() {
  local host path
  command -v cargo >/dev/null || fail "cargo is not installed, and sc-job is built with it" "Install Rust $(cargo_field rust-version) or newer: https://rustup.rs"
  host=$(rustc -vV | sed -n 's/^host: //p')
  [[ $host == *-linux-gnu ]] || fail "this is $host, and the static program is built on Linux with glibc" "Build the image with Docker: docker build ."
  say "building sc-job for $host"
  # without SOURCE_DATE_EPOCH, for which ring and all that needs it would be compiled anew
  path=$(cd "$ROOT" && RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static" env -u SOURCE_DATE_EPOCH \
    cargo build --release --locked --target "$host" --bin sc-job --message-format json-render-diagnostics |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p') || fail "sc-job does not compile" "The compiler says above why."
  echo "$path"
}
