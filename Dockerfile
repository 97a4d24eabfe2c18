# syntax=docker/dockerfile:1
# The image as scripts/image makes it, for whoever has Docker and no Rust.
ARG RUST_VERSION=1.95

FROM rust:${RUST_VERSION}-slim AS build
WORKDIR /sc-job
COPY Cargo.toml Cargo.lock build.rs ./
COPY src src
# with --target, the flags do not reach build scripts and procedural macros, which cannot be static
RUN target="$(rustc -vV | sed -n 's/^host: //p')" \
    && RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked --target "$target" --bin sc-job \
    && cp "target/$target/release/sc-job" /sc-job/sc-job

FROM scratch
LABEL org.opencontainers.image.title="sc-job" \
      org.opencontainers.image.description="Applies declared Azure service connections to Kubernetes Secrets and ServiceAccounts" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build --chown=0:0 --chmod=0755 /sc-job/sc-job /sc-job
USER 65532:65532
ENTRYPOINT ["/sc-job"]
