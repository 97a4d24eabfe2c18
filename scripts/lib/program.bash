# shellcheck shell=bash
# The program as it is released: optimised, and static.

# cargo_field NAME: from the package table of Cargo.toml
cargo_field() { sed -n "/^\[package\]/,/^\[dep/s/^$1 = \"\(.*\)\"/\1/p" "$ROOT/Cargo.toml"; }

# build_program: prints its path; glibc links statically, so no musl toolchain is needed
build_program() {
  local host path
  command -v cargo >/dev/null || fail "cargo is not installed, and sc-job is built with it" "Install Rust $(cargo_field rust-version) or newer: https://rustup.rs"
  host=$(rustc -vV | sed -n 's/^host: //p')
  [[ $host == *-linux-gnu ]] || fail "this is $host, and the static program is built on Linux with glibc" "Build the image with Docker: docker build --tag NAME ."
  say "building sc-job for $host"
  # without these, for which ring and all that needs it would be compiled anew; a test has what cargo tells it of its package
  path=$(cd "$ROOT" && unset SOURCE_DATE_EPOCH OUT_DIR "${!CARGO_PKG_@}" "${!CARGO_MANIFEST_@}" &&
    RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static" \
      cargo build --release --locked --target "$host" --bin sc-job --message-format json-render-diagnostics |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p') || fail "sc-job does not compile" "The compiler says above why."
  echo "$path"
}
