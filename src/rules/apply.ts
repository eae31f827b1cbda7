// Makes every body fit for Copilot, passed or translated: applies every rule of the endpoint's table, in order, in one
// pass. If a body breaks no rule, the result is the same object, so its received bytes can be sent.
//
// Learned rules: `rulesThatAnswer` finds the rules that a 400 of Copilot calls for. Their keys in `learned` turn them
// on for the next attempt, even if the rule's own predicate excludes the model. The caller keeps the keys.
import type { Target } from '../dialects/contract/dialect.ts'
import type { Ledger } from '../dialects/contract/ledger.ts'
import type { JsonObject } from '../json.ts'
import { atOnce, isSteps, type MaybeSteps, type Steps } from '../steps.ts'
import { appliesAlways, ruleTables, rulesFor } from './chosen.ts'
import { keyOf } from './learned.ts'
import type { Endpoint, LearnedKey, Rule, RuleContext } from './rule.ts'

export interface ApplyOptions {
  /** Keys from `rulesThatAnswer` for this account, model and endpoint. */
  readonly learned?: ReadonlySet<LearnedKey>
}

export interface Applied {
  /** The same object if it breaks no rule. */
  readonly body: JsonObject
  /** Maps upstream's tool names to the client's, where they differ: the answer must contain the client's. */
  readonly names: ReadonlyMap<string, string>
  /** Stop sequences that Copilot does not accept: the gateway cuts the answer at them. */
  readonly stops: readonly string[]
  /** The tool whose arguments become the answer's text; usually null. */
  readonly answerTool: string | null
}

/** @throws {GatewayError} for what no rule can repair, and, with a strict ledger, for every loss */
export function applyRules (...given: Parameters<typeof applyRulesInSteps>): Applied {
  const applied = applyRulesInSteps(...given)
  return isSteps(applied) ? atOnce(applied) : applied
}

/** The same in steps, for a large body. */
export function applyRulesInSteps (
  endpoint: Endpoint,
  body: JsonObject,
  target: Target,
  ledger: Pick<Ledger, 'lose' | 'refuse'>,
  { learned = none }: ApplyOptions = {},
): MaybeSteps<Applied> {
  const names = new Map<string, string>()
  const stops: string[] = []
  let answerTool: string | null = null
  /** Of every rule that nothing was learned for: one object, because most rules find nothing to do. */
  const usual: RuleContext = {
    values: noValues,
    target,
    lose: ledger.lose,
    refuse: ledger.refuse,
    rename: (upstream, client) => {
      names.set(upstream, client)
    },
    watchStop: stop => {
      stops.push(stop)
    },
    answerWith: tool => {
      answerTool = tool
    },
  }
  const { rules, values } = rulesFor(endpoint, target, learned)
  let fitted = body
  for (let at = 0; at < rules.length; at++) {
    const next = applyOne(rules[at] as Rule)
    if (isSteps(next)) return restInSteps(next, at + 1)
    fitted = next
  }
  return applied()

  function* restInSteps (first: Steps<JsonObject>, from: number): Steps<Applied> {
    fitted = yield* first
    for (let at = from; at < rules.length; at++) {
      yield
      const next = applyOne(rules[at] as Rule)
      fitted = isSteps(next) ? yield* next : next
    }
    return applied()
  }

  function applied (): Applied {
    return { body: fitted, names, stops, answerTool }
  }

  function applyOne (rule: Rule): MaybeSteps<JsonObject> {
    if (rule.fields !== undefined && hasNone(fitted, rule.fields)) return fitted
    const found = values.get(rule.id)
    const context = found === undefined ? usual : { ...usual, values: found }
    return (rule.applyInSteps ?? rule.apply)(fitted, context)
  }
}

function hasNone (body: JsonObject, fields: readonly string[]): boolean {
  for (const field of fields) if (body[field] !== undefined) return false
  return true
}

const none: ReadonlySet<LearnedKey> = new Set()
const noValues: readonly string[] = []

/** Copilot's 400 answer. */
export interface Refusal {
  readonly status: number
  readonly code?: string | null
  readonly message: string
  readonly param?: string | null
}

export interface MatchingRule {
  readonly rule: Rule
  /** The key for `ApplyOptions.learned`. */
  readonly key: LearnedKey
}

/**
 * The rules that could fix a refused request. Empty for an unknown message. Leaves out rules whose key is already on,
 * and rules that apply to the model anyway: they were applied and did not help.
 */
export function rulesThatAnswer (
  refusal: Refusal,
  endpoint: Endpoint,
  target: Target,
  learned: ReadonlySet<LearnedKey> = none,
): MatchingRule[] {
  if (refusal.status !== 400) return []
  return ruleTables[endpoint].flatMap((rule): MatchingRule[] => {
    if (rule.answers === undefined || appliesAlways(rule, target)) return []
    const found = rule.answers.map(pattern => pattern.exec(refusal.message.slice(0, longestMessage))).find(match =>
      match !== null
    )
    if (found === undefined) return []
    const value = found.groups?.['value']
    const key = keyOf(rule.id, value)
    return learned.has(key) ? [] : [{ rule, key }]
  })
}

/** The patterns read at most this much of upstream's message. */
const longestMessage = 4_096
