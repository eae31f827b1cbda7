// Stop sequences for upstreams that know none: the text is cut before the one that is complete first, and the answer
// ends there. `docs/spec/translation.md#stops`. Linear in the text, whatever the sequences are: Aho and Corasick's
// automaton reads each character once. (Sequences like `aaab` made a search with each delta cost the square of their
// length.)
import type { ClientDialect } from '../dialects/contract/dialect.ts'
import type { Part } from '../dialects/contract/part.ts'
import { GatewayError } from '../errors.ts'

/** The automaton keeps about a kilobyte for each character. */
const mostStops = 64
const mostCharacters = 4_096

export interface StopCutter {
  readonly push: (part: Part) => Part[]
  /** A stop sequence was met: upstream need not go on. */
  readonly isCut: () => boolean
}

/** The start of a sequence: the first `depth` characters of `of`. */
interface Node {
  readonly next: Map<number, Node>
  readonly of: string
  readonly depth: number
  fallback: Node | null
  stop: string | null
}

export function createStopCutter (stops: readonly string[]): StopCutter {
  const root = createAutomaton(stops)
  /** Of each open text block: the end of its text that may be the start of a stop sequence. */
  const held = new Map<number, Node>()
  const open = new Set<number>()
  let isCut = false

  return {
    isCut: () => isCut,
    push (part) {
      if (isCut) return []
      if (part.type.endsWith('-start') && 'block' in part) open.add(part.block)
      if (part.type === 'text-delta') return read(part.block, part.text)
      if (part.type !== 'block-end') return [part]
      open.delete(part.block)
      const rest = startOf(held.get(part.block) ?? root)
      held.delete(part.block)
      return rest === '' ? [part] : [{ type: 'text-delta', block: part.block, text: rest }, part]
    },
  }

  function read (block: number, text: string): Part[] {
    const before = held.get(block) ?? root
    let node = before
    for (let at = 0; at < text.length; at++) {
      node = step(root, node, text.charCodeAt(at))
      if (node.stop !== null) {
        return cut(block, firstOf(before, text, before.depth + at + 1 - node.stop.length), node.stop)
      }
    }
    held.set(block, node)
    return delta(block, firstOf(before, text, before.depth + text.length - node.depth))
  }

  function cut (block: number, text: string, stop: string): Part[] {
    isCut = true
    return [...delta(block, text), ...[...open].map((each): Part => ({ type: 'block-end', block: each })), {
      type: 'message-end',
      reason: 'stop_sequence',
      stopSequence: stop,
      explanation: null,
    }]
  }
}

/** The first `length` characters of what was held and the text behind it. */
function firstOf (held: Node, text: string, length: number): string {
  return length <= held.depth ? held.of.slice(0, length) : startOf(held) + text.slice(0, length - held.depth)
}

/** @throws {GatewayError} `unsupported_parameter`, of `field`, for more stop sequences than the gateway emulates */
export function assertFewStops (stops: readonly string[], field: ClientDialect['stopField']): void {
  if (stops.length <= mostStops && stops.reduce((sum, stop) => sum + stop.length, 0) <= mostCharacters) return
  const message =
    `The gateway cuts the answer at stop sequences that this model does not take: at most ${mostStops}, and 4,096 `
    + `characters in all.`
  throw new GatewayError('unsupported_parameter', message, { param: field })
}

function startOf ({ of, depth }: Node): string {
  return of.slice(0, depth)
}

function delta (block: number, text: string): Part[] {
  return text === '' ? [] : [{ type: 'text-delta', block, text }]
}

/** Each node is the start of a sequence; its fallback is the longest end of it that is one too. */
function createAutomaton (stops: readonly string[]): Node {
  const root: Node = { next: new Map(), of: '', depth: 0, fallback: null, stop: null }
  for (const stop of stops) {
    let node = root
    for (let at = 0; at < stop.length; at++) {
      const code = stop.charCodeAt(at)
      const next = node.next.get(code)
        ?? { next: new Map(), of: stop, depth: node.depth + 1, fallback: root, stop: null }
      node.next.set(code, next)
      node = next
    }
    if (node !== root) node.stop = stop
  }
  const queue = [...root.next.values()]
  for (const node of queue) {
    for (const [code, next] of node.next) {
      next.fallback = step(root, node.fallback ?? root, code)
      // Of two that end together the longer one, which began first.
      next.stop ??= next.fallback.stop
      queue.push(next)
    }
  }
  return root
}

function step (root: Node, from: Node, code: number): Node {
  let node: Node | null = from
  while (node !== null) {
    const next = node.next.get(code)
    if (next !== undefined) return next
    node = node.fallback
  }
  return root
}
