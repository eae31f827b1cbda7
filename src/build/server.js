// Bundles the command line together with the server: `node src/build/server.js [folder]`. Images and the npm package
// use the bundle, so they need no node_modules. The files are two folders deep, as in the source, so that both find
// `static/`.
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))
const outdir = join(root, 'dist/node')
const wanted = join(resolve(process.argv[2] ?? join(root, 'dist')), 'node')

/**
 * An `import` of a built-in module makes Node copy all its exports, and so run their getters: that of `node:http` loads
 * Node's own undici. A call for the module copies nothing. The first file keeps its imports, because it must load in
 * versions of Node that lack the call. Of undici only the two agents are in the bundle, without `fetch` and WebSocket.
 * undici also loads HTTP/2, which the gateway never speaks to upstream (`send.ts`); it works without, as it does where
 * Node was built without HTTP/2. Together a quarter of the time of a start.
 */
const builtins = {
  name: 'builtins',
  setup (esbuild) {
    esbuild.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'agents' }))
    esbuild.onLoad({ filter: /^/, namespace: 'agents' }, () => ({
      resolveDir: root,
      contents: `exports.Agent = require('undici/lib/dispatcher/agent.js')
        exports.EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent.js')`,
    }))
    esbuild.onResolve({ filter: /^node:/ }, ({ path, kind, importer }) => {
      if (path === 'node:http2' && importer.includes('/undici/')) return { path, namespace: 'absent' }
      const isFirst = /src\/node\/(?:launch|internals\/pretenuring)\.js$/.test(importer)
      return kind === 'import-statement' && !isFirst ? { path, namespace: 'builtin' } : undefined
    })
    esbuild.onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
    esbuild.onLoad({ filter: /^/, namespace: 'absent' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not in the bundle`)})`,
    }))
  },
}

/**
 * What packages load for cases that the server does not have: Fastify's two compilers of schemas (`app.ts` replaces
 * them), its test client, and its servers for HTTPS and HTTP/2; and the package by which `@fastify/static` finds files
 * (`static.ts` finds ours). A third of the main file, and a tenth of the time of a start.
 */
const unused = {
  name: 'unused',
  setup (esbuild) {
    const packages = /^(?:@fastify\/ajv-compiler|@fastify\/fast-json-stringify-compiler|light-my-request|glob)$/
    esbuild.onResolve({ filter: packages }, ({ path }) => ({ path, namespace: 'unused' }))
    esbuild.onResolve({ filter: /^node:(?:https|http2)$/ },
      ({ path, importer }) => importer.includes('/fastify/lib/') ? { path, namespace: 'unused' } : undefined)
    esbuild.onLoad({ filter: /^/, namespace: 'unused' }, () => ({ contents: 'module.exports = {}' }))
  },
}

const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  metafile: true,
  // Bundles for a fixed folder and writes the files itself: source maps contain the output's path, and the bytes must
  // not depend on it.
  write: false,
  entryPoints: { main: 'src/node/launch.js', worker: 'src/node/launch-worker.js',
    'tokenizer-worker': 'src/node/tokenizer-worker.ts' },
  outdir,
  bundle: true,
  // Each command, Cloudflare's SDK and the tokenizer get their own files, which load on demand.
  splitting: true,
  format: 'esm',
  platform: 'node',
  plugins: [unused, builtins],
  target: 'node22',
  minify: false,
  sourcemap: 'linked',
  sourcesContent: false, // A stack needs only lines and names. The source text of all packages would add 20 MB.
  legalComments: 'linked',
  // CommonJS packages ask for `require` inside an ES module.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __toPath } from "
      + "'node:url'; import { dirname as __dir } from 'node:path'; const require = __createRequire(import.meta.url); "
      + 'const __filename = __toPath(import.meta.url); const __dirname = __dir(__filename);',
  },
})
// File names contain hashes, so the files of an earlier build would remain.
rmSync(wanted, { recursive: true, force: true })
mkdirSync(wanted, { recursive: true })
for (const { path, contents } of outputFiles) writeFileSync(join(wanted, basename(path)), contents)
writeFileSync(join(wanted, 'licenses.txt'), packagesOf(metafile).map(readLicence).join('\n\n'))
chmodSync(join(wanted, 'main.js'), 0o755)

/** Folders of the bundled packages. */
function packagesOf ({ inputs }) {
  const folders = Object.keys(inputs).map(input => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0])
  return [...new Set(folders)].filter(folder => folder !== undefined).sort()
}

/** Most licences require that their text comes with the code. */
function readLicence (folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const files = readdirSync(join(root, folder)).filter(file => /^licen[cs]e/i.test(file))
  return [`${name} ${version} (${license})`, ...files.map(file =>
    readFileSync(join(root, folder, file), 'utf8').trim()
  )].join('\n\n') + '\n'
}
