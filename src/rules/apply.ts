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
  const found: Found = { names: new Map(), stops: [], answerTool: null }
  const { rules, values } = rulesFor(endpoint, target, learned)
  const pass: Pass = { rules, values, found, usual: contextOf(target, ledger, found) }
  let fitted = body
  for (let at = 0; at < rules.length; at++) {
    const next = applyOne(pass, at, fitted)
    if (isSteps(next)) return restInSteps(pass, at, next)
    fitted = next
  }
  return { body: fitted, ...found }
}

type Found =
  & { -readonly [Field in keyof Omit<Applied, 'body'>]: Applied[Field] }
  & { readonly names: Map<string, string>, readonly stops: string[] }

/** What all rules of a request share. No closure holds the body: it would live as long as the request. */
interface Pass {
  readonly rules: readonly Rule[]
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly found: Found
  /** Of every rule that nothing was learned for: one object, because most rules find nothing to do. */
  readonly usual: RuleContext
}

function contextOf (target: Target, { lose, refuse }: Pick<Ledger, 'lose' | 'refuse'>, found: Found): RuleContext {
  return {
    values: noValues,
    target,
    lose,
    refuse,
    rename: (upstream, client) => {
      found.names.set(upstream, client)
    },
    watchStop: stop => {
      found.stops.push(stop)
    },
    answerWith: tool => {
      found.answerTool = tool
    },
  }
}

function applyOne ({ rules, values, usual }: Pass, at: number, body: JsonObject): MaybeSteps<JsonObject> {
  const rule = rules[at] as Rule
  if (rule.fields !== undefined && hasNone(body, rule.fields)) return body
  const learned = values.get(rule.id)
  return (rule.applyInSteps ?? rule.apply)(body, learned === undefined ? usual : { ...usual, values: learned })
}

/** @param at the rule that has begun */
function* restInSteps (pass: Pass, at: number, begun: Steps<JsonObject>): Steps<Applied> {
  let fitted = yield* begun
  for (let next = at + 1; next < pass.rules.length; next++) {
    yield
    const result = applyOne(pass, next, fitted)
    fitted = isSteps(result) ? yield* result : result
  }
  return { body: fitted, ...pass.found }
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
