// `npm run build:static`: bundles the pages' npm packages into the git-ignored `static/vendor/`, with their licences.
// The pages' own files are served unchanged.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('../../', import.meta.url)
const vendor = new URL('static/vendor/', root)
const packages = ['marked', 'dompurify', '@highlightjs/cdn-assets', 'katex', 'mermaid', 'pdfjs-dist', 'mammoth',
  'read-excel-file', 'fflate', '@xmldom/xmldom']

await rm(vendor, { recursive: true, force: true })
await mkdir(vendor, { recursive: true })
// A file for each use, so that a page loads only what a chat needs.
await bundle(['markdown', 'highlight', 'math', 'pdf', 'pdf-worker', 'word', 'sheet', 'zip'], {})
// mermaid loads a part for each kind of diagram.
await bundle(['diagram'], { splitting: true, chunkNames: 'diagram-parts/[name]-[hash]' })
// How the bytes of older Chinese, Japanese and Korean PDFs map to letters.
await cp(new URL('node_modules/pdfjs-dist/cmaps/', root), new URL('cmaps/', vendor), { recursive: true })
await writeFile(new URL('licenses.txt', vendor), (await Promise.all(packages.map(readLicence))).join('\n\n'))

/**
 * @param {string[]} names
 * @param {import('esbuild').BuildOptions} options
 */
async function bundle (names, options) {
  await build({
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
}

async function readLicence (name) {
  const folder = new URL(`node_modules/${name}/`, root)
  const { version, license } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'))
  const text = await readFile(new URL('LICENSE', folder), 'utf8').catch(() => '')
  return `${name} ${version} (${license})\n\n${text.trim()}\n`
}
