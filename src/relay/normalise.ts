// Turns as every upstream takes them: each call followed by its result, each result behind its call, no empty text, no
// two turns of one role in a row. Clients cut histories, agents interleave them. `translation.md` 2.4.4.
import type { Block, TextBlock, ToolCallBlock, ToolResultBlock, Turn } from '../dialects/prompt.ts'

export function normaliseTurns (turns: readonly Turn[]): readonly Turn[] {
  return merge(pair(renameDuplicates(turns)).map(dropEmpty).filter(turn => turn.blocks.length > 0))
}

/** Some models count their calls anew each turn. The second call of an id gets another, and so does its result. */
function renameDuplicates (turns: readonly Turn[]): readonly Turn[] {
  const calls = new Map<string, number>()
  const results = new Map<string, number>()
  const nth = (seen: Map<string, number>, id: string): string => {
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    return count === 1 ? id : `${id}_${count}`
  }
  const ids = turns.flatMap(turn => turn.blocks).filter(block => block.type === 'tool-call').map(block => block.id)
  if (new Set(ids).size === ids.length) return turns
  return turns.map(turn => ({
    ...turn,
    blocks: turn.blocks.map(block => {
      if (block.type === 'tool-call') return { ...block, id: nth(calls, block.id) }
      // A result answers the latest call of its id; one too many stays with the last and is told apart by `pair`.
      if (block.type === 'tool-result' && (results.get(block.id) ?? 0) < (calls.get(block.id) ?? 0)) return { ...block, id: nth(results, block.id) }
      return block
    }),
  }))
}

function pair (turns: readonly Turn[]): Turn[] {
  const callers = new Map<string, number>()
  turns.forEach((turn, at) => { for (const block of turn.blocks) if (block.type === 'tool-call') callers.set(block.id, at) })
  /** By the turn of the call: its results in the order in which they came. */
  const results = new Map<number, Map<string, ToolResultBlock>>()
  const rest = turns.map((turn, at) => ({
    ...turn,
    blocks: turn.blocks.flatMap((block): Block[] => {
      if (block.type !== 'tool-result') return [block]
      const caller = callers.get(block.id)
      const known = caller === undefined || caller >= at ? undefined : results.get(caller) ?? new Map<string, ToolResultBlock>()
      if (caller === undefined || known === undefined || known.has(block.id)) return asText(block)
      results.set(caller, known.set(block.id, block))
      return []
    }),
  }))
  return rest.flatMap((turn, at): Turn[] => {
    const calls = turn.blocks.filter(block => block.type === 'tool-call')
    if (calls.length === 0) return [turn]
    const known = results.get(at)
    const answered = [...known?.values() ?? []]
    const missing = calls.filter(call => known?.has(call.id) !== true).map(interrupted)
    return [turn, { role: 'user', blocks: [...answered, ...missing] }]
  })
}

function interrupted ({ id }: ToolCallBlock): ToolResultBlock {
  return { type: 'tool-result', id, isError: true, blocks: [{ type: 'text', text: 'Tool call was interrupted; no result.' }] }
}

/** A result without its call is still something that the model was told. */
function asText ({ id, blocks }: ToolResultBlock): Block[] {
  const text = blocks.filter((block): block is TextBlock => block.type === 'text').map(block => block.text).join('\n')
  return [{ type: 'text', text: `[Result of tool call ${id}]\n${text}`, apart: true }, ...blocks.filter(block => block.type !== 'text')]
}

function dropEmpty (turn: Turn): Turn {
  return { ...turn, blocks: turn.blocks.filter(block => (block.type !== 'text' && block.type !== 'refusal') || block.text.trim() !== '') }
}

function merge (turns: readonly Turn[]): Turn[] {
  const out: Turn[] = []
  for (const turn of turns) {
    const last = out.at(-1)
    if (last?.role === turn.role && turn.role !== 'system') out[out.length - 1] = { role: turn.role, blocks: [...last.blocks, ...apart(turn.blocks)] }
    else out.push(turn)
  }
  return out
}

/** A turn that is joined to another is still a message of its own. */
function apart (blocks: readonly Block[]): readonly Block[] {
  const [first, ...rest] = blocks
  return first?.type === 'text' ? [{ ...first, apart: true }, ...rest] : blocks
}
