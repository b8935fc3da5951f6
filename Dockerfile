# The image of the service: docker build -t rookery .
#
# A tag can be moved to another image. `npm run pin` writes the digest of the one that you have reviewed behind the tag.
# With --build-arg RELEASE=true the build refuses an image without a digest.
ARG NODE_IMAGE=node:24.21.0-slim
ARG RELEASE=false

FROM ${NODE_IMAGE} AS manifest
ARG NODE_IMAGE
ARG RELEASE
RUN case "$RELEASE $NODE_IMAGE" in \
  "true "*@sha256:*) ;; \
  "true "*) echo "A release needs a base image with a digest: npm run pin" >&2; exit 1 ;; \
  esac
WORKDIR /app
COPY package.json package-lock.json ./

# Optional packages are included: one has the binary of the bundler. Scripts of packages do not run.
FROM manifest AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY .ci/bundle.mjs .ci/bundle.names.mjs .ci/code.cache.mjs .ci/code.modules.mjs .ci/
COPY nest-cli.json tsconfig.json ./
COPY src src
COPY studio studio
RUN npm run build

# The image has its own Node, so the optional package with Node is left out.
FROM manifest AS dependencies
RUN npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund

FROM ${NODE_IMAGE}
ARG NODE_IMAGE
# The version and the commit that the image is built from: --build-arg VERSION=0.2.0 --build-arg REVISION=$(git rev-parse HEAD)
ARG VERSION=unknown
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="Rookery" \
      org.opencontainers.image.description="AI agents over a versioned REST API." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.base.name="${NODE_IMAGE}"
ENV NODE_ENV=production \
    DATABASE_URL=file:/data/rookery.db
# Texts of the commands name it in place of npm.
ENV ROOKERY_COMMAND=rookery
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
# The service cannot change its own code: only /data belongs to its user. Package managers are not needed.
RUN mkdir -m 700 /data && chown node:node /data \
  && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
# The commands of docs/command-line.md, such as `rookery doctor`. `build`, and `test` and `dev` of TypeScript, need a clone of Rookery.
RUN printf '#!/bin/sh\nexec node /app/dist/app/main.rookery.js "$@"\n' > /usr/local/bin/rookery && chmod 755 /usr/local/bin/rookery
USER node
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Checks that the service lives, not that it is ready: a restart does not help if PostgreSQL is down.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-old-space-size=1024", "--max-semi-space-size=32", "--no-memory-reducer", "dist/app/main.js"]
