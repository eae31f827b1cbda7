// The rules that a request needs. Which ones always apply to a model depends only on its facts, so they are chosen once
// for each `Target` object: the gateway uses the same object for all requests until Copilot's list changes.
import type { Target } from '../dialects/contract/dialect.ts'
import { chatRules } from './chat.ts'
import { valuesOf } from './learned.ts'
import { messagesRules } from './messages.ts'
import { responsesRules } from './responses.ts'
import type { Endpoint, LearnedKey, Rule } from './rule.ts'

export const ruleTables: Readonly<Record<Endpoint, readonly Rule[]>> = { '/chat/completions': chatRules,
  '/responses': responsesRules, '/v1/messages': messagesRules }

const usual = new WeakMap<Target, Map<Endpoint, readonly Rule[]>>()

export function appliesAlways (rule: Rule, target: Target): boolean {
  return rule.when === 'always' && rule.applies(target)
}

/** In the order of the table. `values` has the learned values by the rule's id. */
export function rulesFor (
  endpoint: Endpoint,
  target: Target,
  learned: ReadonlySet<LearnedKey>,
): { readonly rules: readonly Rule[], readonly values: ReadonlyMap<string, readonly string[]> } {
  if (learned.size === 0) return { rules: usualRules(endpoint, target), values: none }
  const values = valuesOf(learned)
  return { rules: ruleTables[endpoint].filter(rule => values.has(rule.id) || appliesAlways(rule, target)), values }
}

function usualRules (endpoint: Endpoint, target: Target): readonly Rule[] {
  const byEndpoint = usual.get(target) ?? new Map<Endpoint, readonly Rule[]>()
  const rules = byEndpoint.get(endpoint) ?? ruleTables[endpoint].filter(rule => appliesAlways(rule, target))
  if (!byEndpoint.has(endpoint)) usual.set(target, byEndpoint.set(endpoint, rules))
  return rules
}

const none: ReadonlyMap<string, readonly string[]> = new Map()
