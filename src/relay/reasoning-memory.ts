// The state of reasoning for clients that do not give it back: kept for a while by the id of the tool call it led to.
// `translation.md` 2.6.2. In memory, bounded, per user; a miss costs a thought, not the conversation.
import { LRUCache } from 'lru-cache'
import type { Part } from '../dialects/part.ts'
import type { Block, Carrier, ReasoningBlock, Turn } from '../dialects/prompt.ts'

export interface ReasoningMemory {
  /** One answer of a user's: shown every part. */
  readonly watcher: (username: string) => (part: Part) => void
  /** The turns with what the client left out put back, before the calls that it led to. */
  readonly restore: (username: string, turns: readonly Turn[]) => readonly Turn[]
}

const maxCarrierLength = 262_144

export function createReasoningMemory (): ReasoningMemory {
  const byCall = new LRUCache<string, { carriers: readonly Carrier[], length: number }>({ max: 2_000, maxSize: 32 * 1_048_576, sizeCalculation: entry => entry.length + 1, ttl: 3_600_000, ttlAutopurge: false })
  const keyOf = (username: string, callId: string) => `${username}:${callId}`

  return {
    watcher (username) {
      let carriers: Carrier[] = []
      const calls: string[] = []
      return part => {
        if (part.type === 'block-end' && part.carrier !== undefined && part.carrier !== null) carriers = [...carriers, part.carrier]
        if (part.type === 'tool-call-start') calls.push(part.callId)
        const first = calls[0]
        if (part.type !== 'message-end' || first === undefined || carriers.length === 0) return
        const length = JSON.stringify(carriers).length
        if (length <= maxCarrierLength) byCall.set(keyOf(username, first), { carriers, length })
      }
    },
    restore: (username, turns) => turns.map(turn => {
      if (turn.role !== 'assistant' || turn.blocks.some(hasCarrier)) return turn
      const first = turn.blocks.find(block => block.type === 'tool-call')
      const known = first === undefined ? undefined : byCall.get(keyOf(username, first.id))
      if (known === undefined) return turn
      const restored = known.carriers.map((carrier): ReasoningBlock => ({ type: 'reasoning', text: '', carrier }))
      return { ...turn, blocks: [...restored, ...turn.blocks.filter(block => block.type !== 'reasoning')] }
    }),
  }
}

function hasCarrier (block: Block): boolean {
  return block.type === 'reasoning' && block.carrier !== null
}
