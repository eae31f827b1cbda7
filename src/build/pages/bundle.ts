// Bundles the modules and style sheets of the pages with esbuild. File names contain a hash of the content, so browsers
// may keep them for ever. Code that several pages use, and code that loads on demand, gets files of its own.
import { basename, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions, type Metafile, type OutputFile, type Plugin } from 'esbuild'
import { hashedFiles } from '../../security-headers.ts'
import type { PageSource } from './html.ts'
import { sharedCode } from './shared-code.ts'

export const sources = fileURLToPath(new URL('../../../static/', import.meta.url))
/** Below it is nothing but hashed names. */
export const hashedFolder = hashedFiles.slice(1, -1)

export interface Bundle {
  readonly files: readonly OutputFile[]
  /** By the address of the source, such as `/assets/chat/main.js`: the address of its bundle. */
  readonly addressOf: (source: string) =>
    | string
    | undefined
  /** The bundle of a module, and all that it imports at once. */
  readonly closureOf: (address: string) => readonly string[]
  /** Sources, as addresses. */
  readonly inputs: readonly string[]
}

const shared = {
  absWorkingDir: sources,
  outdir: join(sources, '..'), // Nothing is written there: the caller writes the files.
  write: false,
  bundle: true,
  minify: true,
  metafile: true,
  target: 'es2022',
  legalComments: 'none', // `vendor/licenses.txt` has them.
  charset: 'utf8',
  logLevel: 'warning',
} satisfies BuildOptions

/** Modules import npm packages as `/vendor/<name>.js`, which is made before. */
const vendor: Plugin = {
  name: 'vendor',
  setup (build) {
    build.onResolve({ filter: /^\/vendor\// },
      ({ path, kind }) => kind === 'url-token' ? { external: true } : { path: join(sources, path) })
  },
}

export async function bundleModules (addresses: readonly string[]) {
  const options = { ...shared, entryPoints: entries(addresses), format: 'esm', splitting: true,
    entryNames: `${hashedFolder}/[name]-[hash]`, chunkNames: `${hashedFolder}/[name]-[hash]` } satisfies BuildOptions
  const { metafile } = await build({ ...options, minify: false, logLevel: 'error', plugins: [vendor] })
  return described(await build({ ...options, plugins: [vendor, sharedCode(metafile, sources)] }))
}

export async function bundleScripts (addresses: readonly string[]) {
  return described(
    await build({ ...shared, entryPoints: entries(addresses), format: 'iife',
      entryNames: `${hashedFolder}/[name]-[hash]` }),
  )
}

/** One style sheet for each page that has some. @param pages by the name of the HTML file */
export async function bundleStyles (pages: ReadonlyMap<string, PageSource>) {
  const lists: Plugin = {
    name: 'style sheets of a page',
    setup (build) {
      build.onResolve({ filter: /^page:/ }, ({ path }) => ({ path: path.slice('page:'.length), namespace: 'page' }))
      build.onLoad({ filter: /./, namespace: 'page' },
        ({ path }) => ({ loader: 'css', resolveDir: sources,
          contents: pages.get(path)?.styles.map(address => `@import ".${address}";\n`).join('') ?? '' }))
    },
  }
  return described(
    await build({ ...shared, entryNames: `${hashedFolder}/[name]-[hash]`, plugins: [lists, vendor],
      entryPoints: [...pages].filter(([, { styles }]) => styles.length > 0).map(([name]) => ({ in: `page:${name}`,
        out: basename(name, '.html') })
      ) }),
  )
}

/** The service worker: one file without a hash, because browsers look for its next version under the same address. */
export async function bundleWorker (source: string, define: Record<string, string>): Promise<Uint8Array> {
  const { outputFiles: [file] } = await build({ ...shared, entryPoints: [join(sources, source)], format: 'iife',
    define })
  if (file === undefined) throw new Error(`esbuild made nothing of ${source}`)
  return file.contents
}

/** Entry points are named by their folder, because each is called `main.js`. */
function entries (addresses: readonly string[]) {
  return addresses.map(address => ({ in: join(sources, address), out: nameOf(address) }))
}

function nameOf (address: string): string {
  const parts = address.replace(/\.js$/, '').split('/')
  return basename(address) === 'main.js' ? parts.at(-2) ?? 'main' : parts.at(-1) ?? 'main'
}

function described ({ outputFiles, metafile }: { outputFiles: OutputFile[], metafile: Metafile }): Bundle {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [addressFrom(path), output]))
  const bySource = new Map(
    [...outputs].flatMap(([address, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[entryPoint.startsWith('page:') ? entryPoint : `/${entryPoint}`, address]]
    ),
  )
  return {
    files: outputFiles,
    addressOf: source => bySource.get(source),
    closureOf: address => closure(address, outputs),
    inputs: Object.keys(metafile.inputs).map(path => `/${path}`),
  }
}

/** @param path as esbuild has it, relative to `static/` */
function addressFrom (path: string): string {
  return `/${relative(join(sources, '..'), join(sources, path)).split(sep).join('/')}`
}

function closure (
  address: string,
  outputs: ReadonlyMap<string, Metafile['outputs'][string]>,
  seen = new Set<string>(),
) {
  if (seen.has(address)) return [...seen]
  seen.add(address)
  for (const { path, kind } of outputs.get(address)?.imports ?? []) {
    if (kind === 'import-statement') closure(addressFrom(path), outputs, seen)
  }
  return [...seen]
}
