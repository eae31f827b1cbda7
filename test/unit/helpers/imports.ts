// The import lines of src/, the circles among them, and the content of a bundle.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Import {
  readonly from: string
  /** A path below src/, or the name of a package. */
  readonly to: string
  readonly isType: boolean
  /** Whether it is `import()`, which a bundle loads on demand. */
  readonly isLazy: boolean
}
export type Graph = ReadonlyMap<string, readonly string[]>

const root = fileURLToPath(new URL('../../../src/', import.meta.url))
const statement =
  /^(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm

export const files: readonly string[] = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name =>
  /\.(?:ts|js)$/.test(name)
).map(name => name.replaceAll('\\', '/'))

export function sourceOf (file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** Without comments of their own line. */
export function codeOf (file: string): string {
  return sourceOf(file).replaceAll(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, '')
}

export const imports: readonly Import[] = files.flatMap(from =>
  [...sourceOf(from).matchAll(statement)].map(([, type, fixed, lazy]) => {
    const to = fixed ?? lazy ?? ''
    return { from, to: to.startsWith('.') ? relative(root, join(root, dirname(from), to)).replaceAll('\\', '/') : to,
      isType: type !== undefined, isLazy: lazy !== undefined }
  })
)

export function listed (some: readonly Import[]): string[] {
  return some.map(({ from, to, isType }) => `${from} imports ${isType ? 'type ' : ''}${to}`)
}

export function graphOf (some: readonly Import[]): Graph {
  return new Map([...Map.groupBy(some, ({ from }) => from)].map(([from, lines]) => [from, lines.map(({ to }) => to)]))
}

/** Everything that `entry` imports, directly or not. */
export function reachable (graph: Graph, entry: string): ReadonlySet<string> {
  const found = new Set([entry])
  for (const file of found) for (const next of graph.get(file) ?? []) found.add(next)
  return found
}

/** The files of each circle, sorted. */
export function circlesOf (graph: Graph): string[][] {
  const reach = new Map(
    [...graph.keys()].map(
      file => [file, new Set((graph.get(file) ?? []).flatMap(next => [...reachable(graph, next)]))]
    ),
  )
  const inCircle = [...graph.keys()].filter(file => reach.get(file)?.has(file))
  const circles = inCircle.map(file =>
    inCircle.filter(other => reach.get(file)?.has(other) && reach.get(other)?.has(file))
  )
  return [...new Map(circles.map(circle => [circle.sort().join(), circle])).values()]
}
