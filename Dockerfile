# The service alone, as an image: docker build -t rookery .
#
# A tag can be moved to another image. To build on one that you have reviewed, name its digest:
# docker build --build-arg NODE_IMAGE=node:24.21.0-slim@sha256:… -t rookery .
ARG NODE_IMAGE=node:24.21.0-slim

FROM ${NODE_IMAGE} AS manifest
WORKDIR /app
COPY package.json package-lock.json ./

# With what is optional: the bundler's binary is. No package runs a script of its own.
FROM manifest AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY .ci/bundle.mjs .ci/code.cache.mjs .ci/code.modules.mjs .ci/
COPY nest-cli.json tsconfig.json ./
COPY src src
COPY studio studio
RUN npm run build

# The image has its Node: the one that the lockfile brings for Linux is optional, and left out.
FROM manifest AS dependencies
RUN npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    DATABASE_URL=file:/data/rookery.db
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
# What it runs it cannot change: all but its data is root's. Package managers have nothing to do here.
RUN mkdir -m 700 /data && chown node:node /data \
  && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn* /opt/yarn*
USER node
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Lives, not ready: while PostgreSQL is away a restart would help nobody.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-old-space-size=1024", "dist/app/main.js"]
