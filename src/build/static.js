// `npm run build:static`: bundles the pages' npm packages into the git-ignored `static/vendor/`, with their licences.
// The pages' own files are served unchanged.
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { putFolder } from './put-folder.ts'

const root = new URL('../../', import.meta.url)
const target = new URL('static/vendor/', root)
const vendor = new URL(`dist/vendor.${process.pid}/`, root)

await rm(vendor, { recursive: true, force: true })
await mkdir(vendor, { recursive: true })
// A file for each use, so that a page loads only what a chat needs.
const files = [
  ...await bundle(['markdown', 'highlight', 'unzip', 'math', 'pdf', 'pdf-worker', 'xml'], {}),
  // mermaid loads a part for each kind of diagram.
  ...await bundle(['diagram'], { splitting: true, chunkNames: 'diagram-parts/[name]-[hash]' }),
  ...await bundle(['office-worker'], { splitting: true, chunkNames: 'office-parts/[name]-[hash]',
    plugins: [unzipHere()] }),
]
// How the bytes of older Chinese, Japanese and Korean PDFs map to letters.
await cp(new URL('node_modules/pdfjs-dist/cmaps/', root), new URL('cmaps/', vendor), { recursive: true })
const packages = new Set(files.flatMap(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(file) ?? []))
await writeFile(new URL('licenses.txt', vendor),
  (await Promise.all([...packages].sort().map(readLicence))).join('\n\n'))
putFolder(fileURLToPath(vendor), fileURLToPath(target))

/** @returns {import('esbuild').Plugin} */
function unzipHere () {
  const path = fileURLToPath(new URL('src/build/vendor/unzip-here.js', root))
  return {
    name: 'unzip-here',
    setup ({ onResolve }) {
      onResolve({ filter: /^fflate$/ }, ({ importer }) => importer.includes('read-excel-file') ? { path } : undefined)
    },
  }
}

/**
 * @param {string[]} names
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<string[]>} the files that went into it
 */
async function bundle (names, options) {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(root),
    metafile: true,
    entryPoints: names.map(name => fileURLToPath(new URL(`src/build/vendor/${name}.js`, root))),
    outdir: fileURLToPath(vendor),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  })
  return Object.keys(metafile.inputs)
}

/** @param {string} path of a package's folder, from the root */
async function readLicence (path) {
  const folder = new URL(path, root)
  const { name, version, license } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'))
  const file = (await readdir(folder)).find(entry => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? '' : await readFile(new URL(file, folder), 'utf8')
  return `${name} ${version} (${license ?? 'see below'})\n\n${text.trim()}\n`
}
