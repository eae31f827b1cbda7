// Every rule for model calls, in the order of the checks, and the check itself.
import { cacheRules } from './cache.ts'
import { callIdRules } from './call-ids.ts'
import { compactionRules } from './compaction.ts'
import { effortRules } from './effort.ts'
import { fieldRules } from './fields.ts'
import { formatRules } from './formats.ts'
import { imageRules } from './images.ts'
import { itemRules } from './items.ts'
import { limitRules } from './limits.ts'
import { modelRules } from './model.ts'
import { opaqueRules } from './opaque.ts'
import { partRules } from './parts.ts'
import { samplingRules } from './sampling.ts'
import { thinkingRules } from './thinking.ts'
import { toolListRules } from './tool-lists.ts'
import { toolNameRules } from './tool-names.ts'
import { toolSchemaRules } from './tool-schemas.ts'
import { toolWordRules } from './tool-words.ts'
import { turnRules } from './turns.ts'
import { fields } from '../json.ts'
import { wrap } from './envelope.ts'
import type { Ask } from '../ask.ts'
import type { Dialect } from '../types.ts'
import type { Reply } from '../reply.ts'
import type { Rule } from './rule.ts'
import type { Strictness } from '../strictness.ts'
import type { World } from '../world.ts'

export const rules: readonly Rule[] = [...imageRules, ...modelRules, ...turnRules, ...fieldRules, ...partRules,
  ...limitRules, ...effortRules, ...samplingRules, ...toolListRules, ...toolNameRules, ...toolWordRules,
  ...toolSchemaRules, ...thinkingRules, ...cacheRules, ...itemRules, ...compactionRules, ...callIdRules, ...opaqueRules,
  ...formatRules]

const byDialect: Record<Dialect, readonly Rule[]> = { chat: of('chat'), responses: of('responses'),
  messages: of('messages') }

function of (dialect: Dialect): Rule[] {
  return rules.filter(({ on }) => on.includes(dialect))
}

/** The refusal of the first rule that the call breaks, or null. */
export function refuseByRules (world: World, ask: Ask): Reply | null {
  const seen = { ask, model: ask.model, body: fields(ask.request.json), world }
  for (const rule of byDialect[ask.dialect]) {
    if (!isOn(world.strict, rule) || rule.models?.(ask.model) === false) continue
    const found = rule.check(seen)
    if (found !== null) return wrap(world.random.pick(rule.envelope), world.random.pick(found))
  }
  return null
}

/** `providerWords` turns on all guesses. */
export function isOn (strict: Strictness, { by, mark }: Rule): boolean {
  return strict[by] || (mark === 'guess' && strict.providerWords)
}
