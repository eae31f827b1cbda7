// Keeps the reasoning state for clients that do not send it back, for a while, by the id of the tool call that it led
// to. `docs/spec/translation.md#carriers`. In memory, bounded, per user. A miss costs a thought, not the conversation.
import { LateCache } from '../late-cache.ts'
import type { Part } from '../dialects/contract/part.ts'
import type { Block, Carrier, ReasoningBlock, Turn } from '../dialects/contract/prompt.ts'
import { mapInSteps, type Steps } from '../steps.ts'
import type { Sharing } from './sharing.ts'

export interface ReasoningMemory {
  /** A watcher for one answer of a user, which receives every part. */
  readonly watcher: (owner: string) => (part: Part) => void
  /** Keeps the state of an answer that passed in its own dialect. */
  readonly keep: (owner: string, callId: string, carriers: readonly Carrier[]) => void
  /** Keeps what another process shared. */
  readonly adopt: (owner: string, callId: string, carriers: readonly Carrier[]) => void
  /** An answer of this process, or of another, that led to this call without a state. */
  readonly noteEmpty: (owner: string, callId: string) => void
  /** Whether this process knows what led to the call, be it nothing. */
  readonly isKnown: (owner: string, callId: string) => boolean
  /** The state of the answer whose first call has this id. */
  readonly known: (owner: string, callId: string) => readonly Carrier[]
  /** The turns with the state that the client left out, inserted before the calls that it led to. */
  readonly restore: (owner: string, turns: readonly Turn[]) => Steps<readonly Turn[]>
}

const maxCarrierLength = 262_144

export function createReasoningMemory (sharing: Sharing | null = null): ReasoningMemory {
  const byCall = new LateCache<string, { carriers: readonly Carrier[], length: number }>({ max: 2_000,
    maxSize: 32 * 1_048_576, sizeCalculation: entry => entry.length + 1, ttl: 3_600_000, ttlAutopurge: false })
  const keyOf = (owner: string, callId: string) => `${owner}:${callId}`

  const empty = new LateCache<string, true>({ max: 10_000, ttl: 3_600_000 })

  const adopt: ReasoningMemory['adopt'] = (owner, callId, carriers) => {
    keepHere(owner, callId, carriers, JSON.stringify(carriers).length)
  }
  const keep: ReasoningMemory['keep'] = (owner, callId, carriers) => {
    const length = JSON.stringify(carriers).length
    keepHere(owner, callId, carriers, length)
    if (length <= maxCarrierLength) sharing?.keep(owner, 'reasoning', callId, carriers, length)
  }
  const keepHere = (owner: string, callId: string, carriers: readonly Carrier[], length: number) => {
    if (length <= maxCarrierLength) byCall.set(keyOf(owner, callId), { carriers, length })
  }
  const noteEmpty: ReasoningMemory['noteEmpty'] = (owner, callId) => {
    if (sharing !== null) empty.set(keyOf(owner, callId), true)
  }

  return {
    keep,
    adopt,
    noteEmpty,
    isKnown: (owner, callId) => byCall.has(keyOf(owner, callId)) || empty.has(keyOf(owner, callId)),
    known: (owner, callId) => byCall.get(keyOf(owner, callId))?.carriers ?? [],
    watcher (owner) {
      const carriers: Carrier[] = []
      const calls: string[] = []
      return part => {
        if (part.type === 'block-end' && part.carrier !== undefined && part.carrier !== null) {
          carriers.push(part.carrier)
        }
        if (part.type === 'tool-call-start') calls.push(part.callId)
        const first = calls[0]
        if (part.type !== 'message-end' || first === undefined) return
        if (carriers.length === 0) noteEmpty(owner, first)
        else keep(owner, first, carriers)
      }
    },
    restore: (owner, turns) =>
      mapInSteps(turns, turn => {
        if (turn.role !== 'assistant') return turn
        const first = turn.blocks.find(block => block.type === 'tool-call')
        const known = first === undefined ? undefined : byCall.get(keyOf(owner, first.id))
        // A client may have received only a part of it, or send back only a part.
        if (known === undefined || turn.blocks.filter(hasCarrier).length >= known.carriers.length) return turn
        const restored = known.carriers.map((carrier): ReasoningBlock => ({ type: 'reasoning', text: '', carrier }))
        return { ...turn, blocks: [...restored, ...turn.blocks.filter(block => block.type !== 'reasoning')] }
      }),
  }
}

function hasCarrier (block: Block): boolean {
  return block.type === 'reasoning' && block.carrier !== null
}
