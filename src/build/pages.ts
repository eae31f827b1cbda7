// `npm run build:static`: the pages as they are served, in the git-ignored `dist/pages/`: bundles with hashed names,
// HTML that names them, the service worker, and every text packed. Another folder: node src/build/pages.ts <folder>.
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pageFiles } from '../page-files.ts'
import { bundleModules, bundleScripts, bundleStyles, bundleWorker, hashedFolder, sources,
  type Bundle } from './pages/bundle.ts'
import { packed } from './pages/compress.ts'
import { readPage, writePage, type PageBundles, type PageSource } from './pages/html.ts'
import { putFolder } from './put-folder.ts'

export const builtPages = fileURLToPath(new URL('../../dist/pages/', import.meta.url))
const worker = '/sw.js'
/** The page that is of use without the server. */
const offlinePage = '/chat'
/** Code that the bundles contain, and files for the type checker. */
const replaced = /\.html$|^assets\/.*\.(?:js|css)$|^tsconfig\.json$|\.d\.ts$/

interface Built {
  readonly html: string
  readonly bundles: PageBundles
}

/** Builds next to the folder, then replaces what has changed: a server that runs meanwhile finds every file. */
export async function buildPages (folder = builtPages): Promise<void> {
  const target = resolve(folder)
  const fresh = `${target}.${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  for (const [name, content] of await makeFiles()) {
    for (const [ending, bytes] of [['', content] as const, ...await packed(name, content)]) {
      mkdirSync(dirname(join(fresh, name)), { recursive: true })
      writeFileSync(join(fresh, name + ending), bytes)
    }
  }
  putFolder(fresh, target)
  // Tells when the folder was made from its sources.
  utimesSync(join(target, 'index.html'), new Date(), new Date())
}

async function makeFiles (): Promise<Map<string, Uint8Array>> {
  const names = [...Object.values(pageFiles), ...globSync('assets/**/*.html', { cwd: sources })]
  const html = new Map(names.map(name => [name, readFileSync(join(sources, name), 'utf8')]))
  const pages = new Map([...html].map(([name, text]) => [name, readPage(text)]))
  // Each page has bundles of its own: pages that share code would load it in a dozen pieces.
  const modules = new Map(
    await Promise.all([...pages].map(async ([name, page]) => [name, await bundleModules(page.modules)] as const)),
  )
  const [scripts, styles] = await Promise.all([
    bundleScripts([...new Set([...pages.values()].flatMap(page => page.scripts))]),
    bundleStyles(pages),
  ])
  const bundles = [...modules.values(), scripts, styles]
  const built = new Map(
    [...pages].map((
      [name, page],
    ) => [name, linked(name, html.get(name) ?? '', page, { modules: modules.get(name), scripts, styles })]),
  )

  const files = new Map<string, Uint8Array>(others(new Set(bundles.flatMap(({ inputs }) => inputs))))
  for (const { path, contents } of bundles.flatMap(({ files }) => files)) {
    files.set(`${hashedFolder}/${basename(path)}`, contents)
  }
  for (const [file, { html }] of built) files.set(file, Buffer.from(html))
  files.set(worker.slice(1), await bundleWorker('assets/worker/service-worker.js', workerFacts(built)))
  return files
}

function linked (
  file: string,
  html: string,
  page: PageSource,
  { modules, scripts, styles }: { modules: Bundle | undefined, scripts: Bundle, styles: Bundle },
): Built {
  const known = (bundle: Bundle, source: string) => {
    const address = bundle.addressOf(source)
    if (address === undefined) throw new Error(`${file}: no bundle of ${source}`)
    return address
  }
  const [source, more] = page.modules
  if (modules === undefined || source === undefined || more !== undefined) {
    throw new Error(`${file}: one module is expected`)
  }
  const module = known(modules, source)
  // Of the modules that the source preloads, most are inside a bundle now. Those that load on demand have their own.
  const early = page.preloads.flatMap(source => modules.addressOf(source) ?? []).flatMap(modules.closureOf)
  const preloads = [...new Set([...modules.closureOf(module), ...early])].filter(address => address !== module)
  const bundles = { module, preloads, worker, style: page.styles.length === 0 ? null : known(styles, `page:${file}`),
    scripts: page.scripts.map(source => known(scripts, source)) }
  return { html: writePage(html, bundles), bundles }
}

/** What the service worker keeps: the page, the module by which it knows the version of its HTML, and the files. */
function workerFacts (built: ReadonlyMap<string, Built>): Record<string, string> {
  const bundles = built.get(pageFiles[offlinePage])?.bundles
  if (bundles === undefined) throw new Error(`${offlinePage} was not built`)
  const { style, scripts, preloads, module } = bundles
  const files = [style, ...scripts, ...preloads, module].filter(address => address !== null).sort()
  const version = createHash('sha256').update(JSON.stringify([...built.values()].map(({ html }) => html))).digest('hex')
  return { VERSION: JSON.stringify(version.slice(0, 12)), PAGE: JSON.stringify(offlinePage),
    MODULE: JSON.stringify(module), FILES: JSON.stringify(files) }
}

/** Icons, the manifest, Cloudflare's files, and what pages load from `vendor/` by its own name. */
function others (bundled: ReadonlySet<string>): [string, Uint8Array][] {
  return globSync(['**/*', '_headers', '.assetsignore'], { cwd: sources, withFileTypes: true }).filter(entry =>
    entry.isFile()
  ).map(entry => join(entry.parentPath, entry.name).slice(sources.length)).filter(name =>
    !replaced.test(name) && !bundled.has(`/${name}`)
  ).map(name => [name, readFileSync(join(sources, name))])
}

if (import.meta.main) await buildPages(process.argv[2])
