# docs/CONTAINER.md says how to run the image.
#
#   docker build --build-arg VERSION=0.1.0 --build-arg REVISION="$(git rev-parse HEAD)" \
#     --build-arg CREATED="$(date -u +%FT%TZ)" --tag wgql .

FROM node:24-bookworm AS build
WORKDIR /src
COPY . .
ARG SOURCE_DATE_EPOCH=0
RUN npm run release

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends iproute2 nftables wireguard-tools \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/release/unpacked /opt/wgql
COPY scripts/container/healthcheck.mjs /opt/wgql-healthcheck.mjs
RUN ln -s /opt/wgql/wgql /usr/local/bin/wgql
ENV WGQL_DATABASE_URL=file:/var/lib/wgql/wgql.db
VOLUME /var/lib/wgql
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "/opt/wgql-healthcheck.mjs"]
# wgql ends on SIGTERM as process 1, so no init is needed.
ENTRYPOINT ["wgql"]

# Last, so that another version does not run the steps above again.
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="wgql" \
  org.opencontainers.image.description="Watches a WireGuard server and controls it: a GraphQL API with live subscriptions, and a documented REST API." \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION" \
  org.opencontainers.image.created="$CREATED" \
  org.opencontainers.image.source="$SOURCE"
