# Build: the whole of it from source, with SQLite, libpq and OpenSSL inside the binary. The same commit and SOURCE_DATE_EPOCH give the same binary, bit for bit, wherever it is built: the folders here are part of that (see docs/operations/releases.md).
FROM rust:1.95-bookworm AS build
# Debian's own versions: nothing of them goes into the image that runs.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends make perl && rm -rf /var/lib/apt/lists/*
# Writes down what is inside. A place of its own, so that it is made once.
RUN cargo install --locked --root /usr/local/sbom cargo-cyclonedx@0.5.9
WORKDIR /src
COPY . .
ARG SOURCE_DATE_EPOCH=0
RUN cargo build --release --locked --bin claviger && strip --strip-debug target/release/claviger \
  && /usr/local/sbom/bin/cargo-cyclonedx cyclonedx --format json --spec-version 1.5 --describe binaries --target x86_64-unknown-linux-gnu

# Run: Debian 12 and the binary.
FROM debian:bookworm-slim
ARG SOURCE_DATE_EPOCH=0
RUN groupadd --system --gid 10001 claviger && useradd --system --uid 10001 --gid claviger --no-create-home --shell /usr/sbin/nologin claviger \
  && install -d -o claviger -g claviger -m 700 /var/lib/claviger /var/lib/claviger/data /var/lib/claviger/keys
COPY --from=build /src/target/release/claviger /usr/local/bin/claviger
COPY --from=build /src/claviger_bin.cdx.json /usr/share/doc/claviger/sbom.cdx.json
COPY --from=build /src/LICENSE /usr/share/doc/claviger/LICENSE
USER 10001:10001
WORKDIR /var/lib/claviger
# In a container loopback is nobody's neighbour. Publish 9464 to the monitoring network only.
ENV CLAVIGER_SERVER_LISTEN=0.0.0.0:8443 \
    CLAVIGER_SERVER_OPERATIONS_LISTEN=0.0.0.0:9464
# The database, and the master key: keep and back up the two apart.
VOLUME ["/var/lib/claviger/data", "/var/lib/claviger/keys"]
EXPOSE 8443 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9464 && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -t 4 -u 3 _ status _ && [ \"$status\" = 200 ]"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["claviger", "serve"]
