// Sets the `cache_control` marks of a translated prompt. `rules/messages-marks.ts` limits their number and places.
import type { CacheControlEphemeral, SystemBlock, WireBlock, WireTool } from '../wire.ts'

export const ephemeral: CacheControlEphemeral = { type: 'ephemeral' }

export function withCache<T extends Markable> (block: T): T {
  return { ...block, cache_control: ephemeral }
}

export type Markable =
  | WireBlock
  | SystemBlock
  | WireTool

/** Thinking blocks cannot have a mark. */
export function takesCache (block: Markable): boolean {
  const type = 'type' in block ? block.type : 'custom'
  return type !== 'thinking' && type !== 'redacted_thinking'
}
