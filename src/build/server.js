// Bundles the command line, the server with it: `node src/build/server.js [folder]`. For images and for the npm package, so
// nothing of node_modules is needed beside it. Two folders deep, as in the source, so that `static/` is found from either.
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))
const outdir = join(root, 'dist/node')
const wanted = join(resolve(process.argv[2] ?? join(root, 'dist')), 'node')

const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  metafile: true,
  write: false,   // the same bytes, wherever they go: maps hold the way from the output to the source
  entryPoints: { main: 'src/node/launch.js' },
  outdir,
  bundle: true,
  splitting: true,   // each command, Cloudflare's SDK and the tokenizer in files of their own, loaded when they are needed
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minify: false,
  sourcemap: 'linked',
  sourcesContent: false,   // lines and names are what a stack needs; the text of every package is 20 MB
  legalComments: 'linked',
  // CommonJS packages ask for `require` inside an ES module.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __toPath } from 'node:url'; import { dirname as __dir } from 'node:path'; const require = __createRequire(import.meta.url); const __filename = __toPath(import.meta.url); const __dirname = __dir(__filename);" },
})
rmSync(wanted, { recursive: true, force: true })   // names hold hashes: those of an earlier build would stay
mkdirSync(wanted, { recursive: true })
for (const { path, contents } of outputFiles) writeFileSync(join(wanted, basename(path)), contents)
writeFileSync(join(wanted, 'licenses.txt'), packagesOf(metafile).map(readLicence).join('\n\n'))
chmodSync(join(wanted, 'main.js'), 0o755)

/** Folders of the packages that went in. */
function packagesOf ({ inputs }) {
  const folders = Object.keys(inputs).map(input => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0])
  return [...new Set(folders)].filter(folder => folder !== undefined).sort()
}

/** Most licences ask that their text goes with the code. */
function readLicence (folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const files = readdirSync(join(root, folder)).filter(file => /^licen[cs]e/i.test(file))
  return [`${name} ${version} (${license})`, ...files.map(file => readFileSync(join(root, folder, file), 'utf8').trim())].join('\n\n') + '\n'
}
