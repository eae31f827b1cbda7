// Reads what a page of `static/` loads, and writes the page that loads the bundles instead. The sources are our own,
// in one form: each `link` and `script` is on a line of its own, and a test keeps inline code out.

/** What a page loads, as addresses below `static/`. */
export interface PageSource {
  readonly styles: readonly string[]
  /** Modules; their imports come with them. */
  readonly modules: readonly string[]
  /** Classic scripts, which run before the page is drawn. */
  readonly scripts: readonly string[]
  /** Modules that the page loads early, such as `/vendor/markdown.js`. */
  readonly preloads: readonly string[]
}

/** The addresses of the bundles. */
export interface PageBundles {
  /** Null for a document without style sheets. */
  readonly style: string | null
  readonly module: string
  readonly scripts: readonly string[]
  readonly preloads: readonly string[]
  /** The service worker. */
  readonly worker: string
}

const style = /<link rel="stylesheet" href="([^"]+)">\n/g
const preload = /<link rel="modulepreload" href="([^"]+)">\n/g
const module = /<script type="module" src="([^"]+)"><\/script>\n/g
const script = /<script src="([^"]+)"><\/script>\n/g

export function readPage (html: string): PageSource {
  const all = (form: RegExp) => [...html.matchAll(form)].map(([, address = '']) => address)
  return { styles: all(style), modules: all(module), scripts: all(script), preloads: all(preload) }
}

/** The first style sheet and the module give their places to the bundles. */
export function writePage (html: string, bundles: PageBundles): string {
  const links = [...bundles.scripts.map(address => `<script src="${address}"></script>`),
    ...bundles.style === null ? [] : [`<link rel="stylesheet" href="${bundles.style}">`],
    ...bundles.preloads.map(address => `<link rel="modulepreload" href="${address}">`),
    `<script type="module" src="${bundles.module}"></script>`]
  return html.replace(style, '').replace(preload, '').replace(script, '').replace(module, `${links.join('\n')}\n`)
    .replace('<html ', `<html data-worker="${bundles.worker}" `)
}
