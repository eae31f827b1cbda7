// On the messages endpoint, Claude has several backends. Each call may get a different one, which shows in the ids.
import { claudeFrom } from './rules/kinds.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Backend } from './types.ts'
import type { World } from './world.ts'

const leftVertex = claudeFrom(4.8)

export function chooseBackend ({ random, strict }: World, model: ModelEntry): Backend {
  const served = strict.backends.filter(backend => backend !== 'vertex' || !leftVertex(model))
  return served.length === 0 ? 'anthropic' : random.pick(served)
}

export const messagePrefix: Record<Backend, string> = { anthropic: 'msg_01', bedrock: 'msg_bdrk_', vertex: 'msg_vrtx_' }
export const callPrefix: Record<Backend, string> = { anthropic: 'toolu_01', bedrock: 'toolu_bdrk_',
  vertex: 'toolu_vrtx_' }
