// The heap of a process: its snapshot, written by Node on a signal, and searched for secrets. A snapshot has every
// string that is still reachable after a collection. The content of buffers outside V8 is not in it.
import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findSecrets } from '../fixtures/secrets.ts'

/**
 * For `node`, before the script. By default V8 cuts the strings of a snapshot at 1,024 characters, and a request is
 * longer.
 */
export const heapFlags = (
  dir: string,
): string[] => ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${dir}`, '--heap-snapshot-string-limit=100000000']

interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[], readonly node_types: readonly [readonly string[]],
      readonly edge_fields: readonly string[], readonly edge_types: readonly [readonly string[]] },
  }
  readonly nodes: readonly number[]
  readonly edges: readonly number[]
  readonly strings: readonly string[]
}

export interface Heap {
  /** For each secret found, one line without the secret, with the path of objects that keeps it alive. */
  readonly find: (secrets: Iterable<string>) => string[]
}

/** @param dir the directory given to `heapFlags`; nothing else writes there */
export async function takeHeap (child: ChildProcess, dir: string): Promise<Heap> {
  child.kill('SIGUSR2')
  for (let tries = 0; tries < 400; tries++) {
    await sleep(50)
    const name = readdirSync(dir).find(file => file.endsWith('.heapsnapshot'))
    const text = name === undefined ? '' : readFileSync(join(dir, name), 'utf8')
    if (!text.trimEnd().endsWith(']}')) continue // Node is still writing it.
    rmSync(join(dir, name ?? ''))
    return readHeap(JSON.parse(text) as Snapshot)
  }
  throw new Error('no snapshot was written')
}

function readHeap (snapshot: Snapshot): Heap {
  // Separate, because strings of one byte per character are searched several times as fast, and nearly all are.
  const [narrow, wide]: [string[], string[]] = [[], []]
  // eslint-disable-next-line no-control-regex -- characters of one byte
  for (const text of snapshot.strings) (/^[\x00-\xff]*$/.test(text) ? narrow : wide).push(text)
  // Through a buffer, because V8 would otherwise keep the parts.
  const places = { heap: Buffer.from(narrow.join('\n'), 'latin1').toString('latin1'),
    'heap, among wide text': wide.join('\n') }
  return {
    find: secrets =>
      [...secrets].flatMap(secret => {
        const found = findSecrets([secret], places)
        return found.length === 0 ? [] : [`${found.join('; ')}: ${holders(snapshot, secret)}`]
      }),
  }
}

/** The path from the first string with the secret to the root that keeps it alive. The leak is somewhere on it. */
function holders ({ snapshot: { meta }, nodes, edges, strings }: Snapshot, secret: string): string {
  const [nodeSize, edgeSize] = [meta.node_fields.length, meta.edge_fields.length]
  const [typeAt, nameAt, countAt] = ['type', 'name', 'edge_count'].map(name => meta.node_fields.indexOf(name)) as [
    number,
    number,
    number,
  ]
  const textOf = (at: number) => strings[nodes[at + nameAt] ?? 0] ?? ''
  const nameOf = (at: number) =>
    `${meta.node_types[0][nodes[at + typeAt] ?? 0]} ${textOf(at).replaceAll(secret, '…').slice(0, 60)}`
  const firstEdge = new Map<number, number>()
  for (let at = 0, edge = 0; at < nodes.length; edge += (nodes[at + countAt] ?? 0) * edgeSize, at += nodeSize) {
    firstEdge.set(at, edge)
  }

  const reachedBy = new Map<number, { readonly from: number, readonly edge: string }>([[0, { from: -1, edge: '' }]])
  for (const at of reachedBy.keys()) { // Breadth first: nodes added in the loop are visited later.
    if (textOf(at).includes(secret)) {
      const way = [nameOf(at)]
      for (let step = reachedBy.get(at); step !== undefined && step.from >= 0; step = reachedBy.get(step.from)) {
        way.push(`${step.edge} of ${nameOf(step.from)}`)
      }
      return way.join(' < ')
    }
    const first = firstEdge.get(at) ?? 0
    for (let edge = first; edge < first + (nodes[at + countAt] ?? 0) * edgeSize; edge += edgeSize) {
      const type = meta.edge_types[0][edges[edge] ?? 0] ?? ''
      const to = edges[edge + 2] ?? 0
      if (type === 'weak' || reachedBy.has(to)) continue
      reachedBy.set(to, { from: at,
        edge: type === 'element' || type === 'hidden' ? `[${edges[edge + 1]}]` : strings[edges[edge + 1] ?? 0] ?? '' })
    }
  }
  return 'another spelling, or no path to a root'
}
