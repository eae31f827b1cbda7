// `npm run build:static`: bundles the pages' npm packages into the git-ignored `static/vendor/`, with their licences.
// The pages' own files are served unchanged.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('../../', import.meta.url)
const vendor = new URL('static/vendor/', root)
const packages = ['marked', 'dompurify', '@highlightjs/cdn-assets', 'fflate']

await rm(vendor, { recursive: true, force: true })
await mkdir(vendor, { recursive: true })
await build({
  // One file for each occasion: most answers contain no code to highlight, and few people import an archive.
  entryPoints: ['markdown', 'highlight', 'unzip'].map(name =>
    fileURLToPath(new URL(`src/build/vendor/${name}.js`, root))
  ),
  outdir: fileURLToPath(vendor),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
})
await writeFile(new URL('licenses.txt', vendor), (await Promise.all(packages.map(readLicence))).join('\n\n'))

async function readLicence (name) {
  const folder = new URL(`node_modules/${name}/`, root)
  const { version, license } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'))
  const text = await readFile(new URL('LICENSE', folder), 'utf8').catch(() => '')
  return `${name} ${version} (${license})\n\n${text.trim()}\n`
}
