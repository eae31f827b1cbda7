// One answer of the model in the loop: passes its parts on, takes out the calls of web tools, runs them, and puts what
// they led to in their place. `docs/spec/search.md#loop`.
import type { FinishReason, Part, Usage } from '../dialects/contract/part.ts'
import type { SearchRecord, WebToolName } from '../dialects/contract/search.ts'
import { parseObjectWithin, text } from '../json.ts'

/** A finished call, and what the model reads of it. */
export interface Ran {
  readonly record: SearchRecord
  readonly result: string
}
export interface WebCall extends Ran {
  readonly callId: string
}

export interface RoundResult {
  /** In the order of the model's calls. */
  readonly calls: readonly WebCall[]
  /** All parts of the answer, for the next question. */
  readonly parts: readonly Part[]
  readonly usage: Usage | null
  readonly ending: Extract<Part, { type: 'message-end' }>
  /** The client has to run a tool before the model can go on. */
  readonly needsClient: boolean
  /** The number of the next block. */
  readonly nextBlock: number
}

export interface RoundOptions {
  readonly names: ReadonlyMap<string, WebToolName>
  /** The number of the first block; 0 in the first round. */
  readonly from: number
  readonly run: (tool: WebToolName, argument: string) => Promise<Ran>
  readonly give: (part: Part) => void
}

interface Pending {
  readonly block: number
  readonly callId: string
  readonly ran: Promise<Ran>
}

export interface Round {
  readonly push: (part: Part) => void
  /** Waits for the calls. @throws {GatewayError} */
  readonly end: () => Promise<RoundResult>
}

export function createRound ({ names, from, run, give }: RoundOptions): Round {
  const parts: Part[] = []
  const open = new Map<number, { readonly tool: WebToolName, readonly callId: string, readonly input: string[] }>()
  /** What follows the first call of a web tool waits for it: clients read in this order. */
  const held: Array<Part | Pending> = []
  let nextBlock = from
  let usage: Usage | null = null
  let ending: RoundResult['ending'] = { type: 'message-end', reason: 'stop', stopSequence: null, explanation: null }
  let needsClient = false

  return { push, end }

  function pass (part: Part): void {
    if (held.length === 0) give(part)
    else held.push(part)
  }

  function push (part: Part): void {
    parts.push(part)
    switch (part.type) {
      case 'message-start':
        if (from === 0) pass(part)
        return
      case 'usage':
        usage = part.usage
        return
      case 'message-end':
        ending = part
        return
      case 'tool-call-start':
        return begin(part)
      case 'tool-call-delta': {
        const call = open.get(part.block)
        return call === undefined ? pass(shift(part)) : void call.input.push(part.text)
      }
      case 'block-end':
        return open.has(part.block) ? start(part) : pass(shift(part))
      default:
        pass(shift(part))
    }
  }

  function shift<P extends Part & { readonly block: number }> (part: P): P {
    const block = from + part.block
    nextBlock = Math.max(nextBlock, block + 1)
    return block === part.block ? part : { ...part, block }
  }

  function begin (part: Extract<Part, { type: 'tool-call-start' }>): void {
    const tool = part.namespace === null ? names.get(part.name) : undefined
    if (tool === undefined) {
      needsClient = true
      return pass(shift(part))
    }
    open.set(part.block, { tool, callId: part.callId, input: [] })
    pass(shift({ type: 'search-start', block: part.block, callId: part.callId, tool }))
  }

  function start ({ block, isCut }: Extract<Part, { type: 'block-end' }>): void {
    const call = open.get(block)
    open.delete(block)
    // A call that broke off is no question.
    if (call === undefined || isCut === true) return pass({ type: 'block-end', block: from + block })
    const ran = run(call.tool, argumentOf(call.tool, call.input.join('')))
    ran.catch(() => {}) // `end` reports it
    held.push({ block: from + block, callId: call.callId, ran })
  }

  async function end (): Promise<RoundResult> {
    const calls: WebCall[] = []
    for (const next of held) {
      if (!('ran' in next)) {
        give(next)
        continue
      }
      const ran = await next.ran
      calls.push({ ...ran, callId: next.callId })
      give({ type: 'block-end', block: next.block, search: ran.record })
    }
    return { calls, parts, usage, ending, needsClient, nextBlock }
  }
}

function argumentOf (tool: WebToolName, input: string): string {
  const given = parseObjectWithin(input)
  return text(given?.[tool === 'web_search' ? 'query' : 'url']).trim()
}

/** Whether the model waits for the results, and nothing else ended the answer. */
export function goesOn ({ calls, ending, needsClient }: RoundResult): boolean {
  const reasons: readonly FinishReason[] = ['tool', 'stop', 'pause']
  return calls.length > 0 && !needsClient && reasons.includes(ending.reason)
}
