// Keeps what a page shares with its code on demand in one file. esbuild makes a file for each set of entry points that
// share code: a page with ten modules on demand would load a dozen small files at once.
import { readFileSync } from 'node:fs'
import type { Metafile, Plugin } from 'esbuild'

type Outputs = Metafile['outputs']

/**
 * Lets each module on demand that shares code with its page import all of the shared code. The page has run it before.
 * @param metafile of a build without this plugin
 */
export function sharedCode ({ outputs }: Metafile, folder: string): Plugin {
  const pages = Object.keys(outputs).filter(path =>
    outputs[path]?.entryPoint !== undefined && !isOnDemand(path, outputs)
  )
  const early = new Set(pages.flatMap(path => [...closure(path, outputs)]).filter(path => !pages.includes(path)))
  const inputs = [...early].flatMap(path => Object.keys(outputs[path]?.inputs ?? {}))
  const imports = inputs.map(path => `import ${JSON.stringify(folder + path)}\n`).join('')
  const onDemand = new Set(
    Object.keys(outputs).filter(path =>
      isOnDemand(path, outputs) && [...closure(path, outputs)].some(needed => early.has(needed))
    ).map(path => folder + (outputs[path]?.entryPoint ?? '')),
  )
  return {
    name: 'shared code',
    setup (build) {
      build.onLoad({ filter: /\.js$/ },
        ({ path }) => onDemand.has(path) ? { contents: imports + readFileSync(path, 'utf8') } : undefined)
    },
  }
}

function isOnDemand (path: string, outputs: Outputs): boolean {
  return outputs[path]?.entryPoint !== undefined
    && Object.values(outputs).some(({ imports }) =>
      imports.some(one => one.kind === 'dynamic-import' && one.path === path)
    )
}

function closure (path: string, outputs: Outputs, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const one of outputs[path]?.imports ?? []) if (one.kind === 'import-statement') closure(one.path, outputs, seen)
  return seen
}
