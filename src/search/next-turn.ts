// The turns that tell the model what its calls led to: its own answer, unchanged with its reasoning, and the results.
import type { AnswerBlock, Part, Usage } from '../dialects/contract/part.ts'
import type { Block, Turn } from '../dialects/contract/prompt.ts'
import type { RoundResult } from './round.ts'

/** @param blocks of the round's answer */
export function toTurns (blocks: readonly AnswerBlock[], { calls }: Pick<RoundResult, 'calls'>): readonly Turn[] {
  return [{ role: 'assistant', blocks: blocks.flatMap(toBlock) }, { role: 'user',
    blocks: calls.map(({ callId, result, record }) =>
      ({ type: 'tool-result', id: callId, blocks: [{ type: 'text', text: result }],
        isError: record.error !== null }) as const
    ) }]
}

function toBlock (block: AnswerBlock): readonly Block[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: block.text, ...(block.apart ? { apart: true } : {}) }]
    case 'refusal':
      return [{ type: 'refusal', text: block.text }]
    case 'reasoning':
      return [{ type: 'reasoning', text: block.text, carrier: block.carrier }]
    case 'tool-call': {
      const { callId, name, namespace, kind, builtin, input, isCut } = block
      return isCut === true ? [] : [{ type: 'tool-call', id: callId, name, namespace, kind, builtin, input }]
    }
    case 'search':
      return []
  }
}

/** Each round reads the whole conversation again. */
export function addUsage (one: Usage | null, other: Usage | null): Usage | null {
  if (one === null || other === null) return one ?? other
  return { input: one.input + other.input, cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite, output: one.output + other.output,
    reasoning: one.reasoning + other.reasoning, nanoCredits: one.nanoCredits + other.nanoCredits }
}

/** The model called its tool, and does so no more: the answer ends as any other. */
export function lastPart (ending: RoundResult['ending'], needsClient: boolean): Part {
  return ending.reason === 'tool' && !needsClient ? { ...ending, reason: 'stop' } : ending
}
