// Stop sequences that an endpoint or a model does not accept. The gateway cuts the answer at them itself, so nothing is
// lost.
import type { JsonObject } from '../json.ts'
import { withFields } from './fields.ts'
import { isClaude, takesStops } from './model-facts.ts'
import type { Rule, RuleContext } from './rule.ts'

/** Leaves the stops that `isTaken` accepts, and watches for the others. */
function split (
  body: JsonObject,
  field: string,
  isTaken: (stop: string, at: number) => boolean,
  { watchStop }: RuleContext,
): JsonObject {
  const value = body[field]
  const given: readonly unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
  const kept = given.filter((stop, at) => typeof stop !== 'string' || isTaken(stop, at))
  if (kept.length === given.length) return body
  for (const [at, stop] of given.entries()) {
    if (typeof stop === 'string' && stop !== '' && !isTaken(stop, at)) watchStop(stop)
  }
  return withFields(body, { [field]: kept.length === 0 ? undefined : kept })
}

const isNotBlank = (stop: string): boolean => stop.trim() !== ''

const blank = (id: string, field: string): Rule => ({
  id,
  what: 'A stop sequence of white space is emulated.',
  models: 'Claude',
  applies: isClaude,
  fix: 'drop',
  loses: 'no',
  when: 'always',
  source: { mark: 'guess', reference: 'BerriAI/litellm#3286' },
  answers: [/each stop sequence must contain non-whitespace/],
  apply: (body, context) => split(body, field, isNotBlank, context),
})

export const chatStops: readonly Rule[] = [{
  id: 'chat-stops-none',
  what: 'Stop sequences are emulated.',
  models: 'o3 and o4',
  applies: target => !takesStops(target),
  fix: 'drop',
  loses: 'no',
  when: 'always',
  source: { mark: 'read', reference: 'OpenAI API reference, "stop": not supported with o3 and o4-mini' },
  answers: [/Unsupported parameter: 'stop'/],
  apply: (body, context) => split(body, 'stop', () => false, context),
}, blank('chat-stops-blank', 'stop'), {
  id: 'chat-stops-count',
  what: 'Stop sequences after the fourth are emulated.',
  models: 'all',
  applies: () => true,
  fix: 'clamp',
  loses: 'no',
  when: 'always',
  source: { mark: 'read', reference: 'OpenAI API reference, "stop": up to 4 sequences' },
  apply: (body, context) => split(body, 'stop', (_stop, at) => at < 4, context),
}]
export const messagesStops: readonly Rule[] = [blank('messages-stops-blank', 'stop_sequences')]
