// Values of `anthropic-beta` that Copilot refuses by name. `withoutBetas` removes them from the headers. The rule
// removes the fields that need them from the body, because Copilot also refuses a field without its beta.
import type { JsonObject } from '../json.ts'
import { mapField, withFields } from './fields.ts'
import { valuesOf } from './learned.ts'
import type { LearnedKey, Rule } from './rule.ts'

export const betaRule: Rule = {
  id: 'messages-beta',
  what: 'A value of `anthropic-beta` that Copilot refuses by name is left out, and what needs it.',
  models: 'all',
  applies: () => false,
  fix: 'drop',
  loses: 'yes',
  when: 'learned',
  source: { mark: 'read', reference: 'github/gh-aw-firewall: deprecated-header-tracker.js' },
  answers: [/Unexpected value\(s\) [`'"](?<value>[\w.-]{1,100})[`'"].* for the `?anthropic-beta`? header/],
  apply (body, { values, lose }) {
    let fitted = body
    for (const value of values) {
      lose(`anthropic-beta.${value}`)
      fitted = withoutBeta[value.replace(/-\d{4}-\d{2}-\d{2}$/, '')]?.(fitted) ?? fitted
    }
    return fitted
  },
}

/** By the beta's name without its date. A tool that is not deferred is available from the start. */
const withoutBeta: Readonly<Record<string, (body: JsonObject) => JsonObject>> = {
  'context-management': body => withFields(body, { context_management: undefined }),
  'advanced-tool-use': body => mapField(body, 'tools', tool => withFields(tool, { defer_loading: undefined })),
}

export function withoutBetas<T extends Readonly<Record<string, string>>> (
  headers: T,
  learned: ReadonlySet<LearnedKey>,
): Readonly<Record<string, string>> {
  const { 'anthropic-beta': given, ...rest } = headers
  const refused = learned.size === 0 || given === undefined ? [] : valuesOf(learned).get(betaRule.id) ?? []
  if (given === undefined || refused.length === 0) return headers
  const kept = given.split(',').filter(beta => !refused.includes(beta.trim()))
  return kept.length === 0 ? rest : { ...rest, 'anthropic-beta': kept.join(',') }
}
