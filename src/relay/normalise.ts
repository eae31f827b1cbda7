// Normalises turns for every upstream: each call is followed by its result, each result follows its call, no text is
// empty, no two turns in a row have the same role. Clients cut histories, and agents interleave them.
// `docs/spec/translation.md#pairing`.
import { append } from '../append.ts'
import { atOnce, mapInSteps, stepSize, type Steps } from '../steps.ts'
import type { Block, TextBlock, ToolCallBlock, ToolResultBlock, Turn } from '../dialects/contract/prompt.ts'

export function normaliseTurns (turns: readonly Turn[]): readonly Turn[] {
  return atOnce(normaliseInSteps(turns))
}

export function* normaliseInSteps (turns: readonly Turn[]): Steps<readonly Turn[]> {
  const paired = turns.some(turn => turn.blocks.some(isTool)) ? yield* pair(yield* renameDuplicates(turns)) : turns
  yield
  const filled = (yield* mapInSteps(paired, dropEmpty)).filter(turn => turn.blocks.length > 0)
  yield
  return yield* merge(filled)
}

/**
 * Some models number their calls again in each turn. The second call with the same id gets another id, and so does its
 * result.
 */
function* renameDuplicates (turns: readonly Turn[]): Steps<readonly Turn[]> {
  const calls = new Map<string, number>()
  const results = new Map<string, number>()
  const nth = (seen: Map<string, number>, id: string): string => {
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    return count === 1 ? id : `${id}_${count}`
  }
  if (!(yield* hasDuplicates(turns))) return turns
  yield
  return yield* mapInSteps(turns, turn => ({
    ...turn,
    blocks: turn.blocks.map(block => {
      if (block.type === 'tool-call') return { ...block, id: nth(calls, block.id) }
      // A result answers the latest call with its id. An extra result stays with the last call; `pair` separates it.
      if (block.type === 'tool-result' && (results.get(block.id) ?? 0) < (calls.get(block.id) ?? 0)) {
        return { ...block, id: nth(results, block.id) }
      }
      return block
    }),
  }))
}

function* hasDuplicates (turns: readonly Turn[]): Steps<boolean> {
  const ids = new Set<string>()
  let step = 0
  for (const { blocks } of turns) {
    for (const block of blocks) {
      if (++step % stepSize === 0) yield
      if (block.type !== 'tool-call') continue
      if (ids.has(block.id)) return true
      ids.add(block.id)
    }
  }
  return false
}

function* pair (turns: readonly Turn[]): Steps<Turn[]> {
  const callers = new Map<string, number>()
  let step = 0
  for (const [at, { blocks }] of turns.entries()) {
    for (const block of blocks) {
      if (++step % stepSize === 0) yield
      if (block.type === 'tool-call') callers.set(block.id, at)
    }
  }
  /** By the turn of the call: its results in order of arrival. */
  const results = new Map<number, Map<string, ToolResultBlock>>()
  const rest: Turn[] = []
  for (const [at, turn] of turns.entries()) {
    const blocks: Block[] = []
    for (const block of turn.blocks) {
      if (++step % stepSize === 0) yield
      const caller = block.type === 'tool-result' ? callers.get(block.id) : undefined
      const known = caller === undefined || caller >= at
        ? undefined
        : results.get(caller) ?? new Map<string, ToolResultBlock>()
      if (block.type !== 'tool-result') blocks.push(block)
      else if (caller === undefined || known === undefined || known.has(block.id)) append(blocks, asText(block))
      else results.set(caller, known.set(block.id, block))
    }
    rest.push({ ...turn, blocks })
  }
  const out: Turn[] = []
  for (const [at, turn] of rest.entries()) {
    if (at % stepSize === stepSize - 1) yield
    out.push(turn)
    const calls = turn.blocks.filter(block => block.type === 'tool-call')
    if (calls.length === 0) continue
    const known = results.get(at)
    const blocks: ToolResultBlock[] = known === undefined ? [] : [...known.values()]
    for (const call of calls) {
      if (++step % stepSize === 0) yield
      if (known?.has(call.id) !== true) blocks.push(interrupted(call))
    }
    out.push({ role: 'user', blocks })
  }
  return out
}

function interrupted ({ id }: ToolCallBlock): ToolResultBlock {
  return { type: 'tool-result', id, isError: true,
    blocks: [{ type: 'text', text: 'Tool call was interrupted; no result.' }] }
}

/** A result without its call still informed the model. */
function asText ({ id, blocks }: ToolResultBlock): Block[] {
  const text = blocks.filter((block): block is TextBlock => block.type === 'text').map(block => block.text).join('\n')
  return [{ type: 'text', text: `[Result of tool call ${id}]\n${text}`, apart: true },
    ...blocks.filter(block => block.type !== 'text')]
}

function isTool ({ type }: Block): boolean {
  return type === 'tool-call' || type === 'tool-result'
}

function dropEmpty (turn: Turn): Turn {
  if (turn.blocks.every(isNotEmpty)) return turn
  return { ...turn, blocks: turn.blocks.filter(isNotEmpty) }
}

function isNotEmpty (block: Block): boolean {
  return (block.type !== 'text' && block.type !== 'refusal') || block.text.trim() !== ''
}

function* merge (turns: readonly Turn[]): Steps<Turn[]> {
  const out: Turn[] = []
  /** The list of the last turn, once another was joined to it: our own copy, which may grow. */
  let joined: Block[] | null = null
  for (const [at, turn] of turns.entries()) {
    if (at % stepSize === stepSize - 1) yield
    const last = out.at(-1)
    if (last?.role !== turn.role || turn.role === 'system') {
      out.push(turn)
      joined = null
      continue
    }
    if (joined === null) {
      joined = [...last.blocks]
      out[out.length - 1] = { role: turn.role, blocks: joined }
    }
    // A joined turn still begins a message of its own.
    const [first] = turn.blocks
    turn.blocks.forEach((block, at) => {
      joined?.push(at === 0 && first?.type === 'text' ? { ...first, apart: true } : block)
    })
  }
  return out
}
