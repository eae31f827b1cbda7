# The server as one bundle on Node, without npm packages beside it. Builds with nothing but this folder. What not everyone needs
# (Cloudflare's SDK, the tokenizer, the demo) stays in files of its own in dist/node: loaded at once, all of it took twice the memory.
# The base by exact tag; .github/workflows/image.yml gives the digest that this tag has on the day instead.
ARG BASE=node:24.21.0-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY src ./src
COPY static ./static
# esbuild's own binary comes as a package of its own; only scripts were left out above.
RUN node src/build/static.js && node src/build/pages.ts && node src/build/server.js

FROM ${BASE}
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data NODE_OPTIONS=--enable-source-maps
WORKDIR /app
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
# The one place that is written to. A named volume takes owner and mode from here; a folder of the host needs uid 1000.
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8787}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1: it handles SIGTERM and has no children to reap. Other commands of the bundle, such as the
# doctor: docker compose exec copilot-proxy node dist/node/main.js doctor
# A relay makes much garbage that lives briefly: left to itself V8 keeps room for three times as much of it. And V8's
# memory reducer, which works while nobody asks for anything, throws away compiled code. After idle times V8 collects
# early, and at the start often, unless it is told how far to grow (test/bench/notes.md).
CMD ["node", "--min-semi-space-size=8", "--max-semi-space-size=8", "--no-memory-reducer", "--heap-growing-percent=200", "dist/node/main.js"]
