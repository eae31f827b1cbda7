// Bundles the server for images: dist/node/main.js and what it loads on demand, with source maps, no node_modules beside it.
// Two folders deep, as in the source, so that `static/` is found from either.
import { build } from 'esbuild'

await build({
  entryPoints: ['src/node/main.ts'],
  outdir: 'dist/node',
  bundle: true,
  splitting: true,   // Cloudflare's SDK and the tokenizer stay in files of their own, loaded when they are needed
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minify: false,
  sourcemap: 'linked',
  legalComments: 'linked',
  // CommonJS packages ask for `require` inside an ES module.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __toPath } from 'node:url'; import { dirname as __dir } from 'node:path'; const require = __createRequire(import.meta.url); const __filename = __toPath(import.meta.url); const __dirname = __dir(__filename);" },
})
