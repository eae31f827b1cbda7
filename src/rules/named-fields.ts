// Learned rules for fields that a refusal names: they remove the field everywhere. Copilot's backends differ, so no
// field is removed before one of them refuses it.
import { isObject, type JsonObject } from '../json.ts'
import { mapSame } from './fields.ts'
import type { Rule } from './rule.ts'

/** No request works without these fields. */
const needed = new Set(['model', 'messages', 'input', 'max_tokens', 'stream', 'role', 'content', 'type', 'name', 'id',
  'tool_use_id', 'tool_call_id', 'call_id'])

export const namedFields = (id: string): Rule => ({
  id,
  what: 'A field that Copilot refuses by name is left out, in every place of its kind.',
  models: 'all',
  applies: () => false,
  fix: 'drop',
  loses: 'yes',
  when: 'learned',
  source: { mark: 'live', reference: 'anomalyco/opencode#23193; caozhiyuan/copilot-api#263' },
  answers: [/^(?<value>[\w.]{1,200}): Extra inputs are not permitted/,
    /(?:Unsupported|Unknown|Unrecognized) (?:parameter|request argument supplied): '?(?<value>[\w.[\]]{1,200})'?/],
  apply (body, { values, lose }) {
    let fitted = body
    for (const value of values) {
      const path = pathOf(value)
      const last = path.at(-1)
      if (last === undefined || last === '*' || needed.has(last)) continue
      const next = without(fitted, path)
      if (next !== fitted) lose(path.filter(step => step !== '*').join('.'))
      fitted = next as JsonObject
    }
    return fitted
  },
})

/**
 * `tools.0.custom.eager_input_streaming` and `tools[0].x`: matches any index, without the tag that Anthropic inserts.
 */
function pathOf (value: string): string[] {
  const steps = value.replaceAll(/\[(\d*)\]/g, '.$1').split('.').filter(step => step !== '')
  return steps.slice(0, 16).map(step => /^\d+$/.test(step) ? '*' : step).filter((step, at) =>
    at === 0 || step !== 'custom'
  )
}

function without (value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value
  if (step === '*') {
    return Array.isArray(value) ? mapSame(value as readonly unknown[], item => without(item, rest)) : value
  }
  if (!isObject(value) || !Object.hasOwn(value, step)) return value
  if (rest.length === 0) {
    const { [step]: _gone, ...kept } = value
    return kept
  }
  const fitted = without(value[step], rest)
  return fitted === value[step] ? value : { ...value, [step]: fitted }
}
