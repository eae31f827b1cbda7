// Runs a case: sends a client's request through a gateway to the cases' Copilot, and checks every expectation.
import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../fixtures/http.ts'
import { answerRules } from './answer-rules.ts'
import { broken } from './assertions.ts'
import type { Case, Expectation, Step } from './case.ts'
import { ask, type Reply } from './client.ts'
import { isClaude, type Copilot, type ModelCall } from './copilot.ts'
import type { Gateway } from './gateway.ts'
import { valuesAt } from './paths.ts'
import { upstreamRules } from './upstream-rules.ts'

interface Outcome {
  readonly reply: Reply
  readonly calls: readonly ModelCall[]
  readonly isClaude: boolean
}

/** Returns a sentence for every expectation that does not hold. */
export async function runCase (given: Case, copilot: Copilot, gateway: Gateway): Promise<string[]> {
  const { models, refuse = [], cold = false } = given
  const seat = copilot.addSeat(models, refuse)
  const user = await gateway.addUser(seat)
  if (!cold) {
    await (await fetch(`${user.base}/v1/models`, { headers: { authorization: `Bearer ${user.password}` } })).text()
  }

  const play = async ({ client, request, headers = {}, upstream = [], expect, then }: Step): Promise<string[]> => {
    seat.begin(upstream)
    const reply = await ask(user, client, request, headers)
    const reasons = unmet(expect, { reply, calls: [...seat.calls], isClaude: isClaude(models, request.model) })
    if (then === undefined || reasons.length > 0) return reasons
    const next = await play({ client, headers, ...then, request: filled(then.request, reply.answer) })
    return next.map(reason => `then: ${reason}`)
  }
  return play(given)
}

/** Returns what does not hold. With `anyOf`, each member counts together with the fields next to it. */
function unmet (expect: Expectation, outcome: Outcome): string[] {
  const { anyOf, ...rest } = expect
  if (anyOf === undefined) return unmetOne(rest, outcome)
  const reasons = anyOf.map(one => unmet(merged(rest, one), outcome))
  return reasons.some(list => list.length === 0)
    ? []
    : [`none of ${anyOf.length} ways: ${reasons.map(list => list.join('; ')).join(' | ')}`]
}

function merged (base: Expectation, more: Expectation): Expectation {
  const lists = (['upstream', 'answer', 'headers', 'failure'] as const).filter(name =>
    base[name] !== undefined || more[name] !== undefined
  )
  return { ...base, ...more,
    ...Object.fromEntries(lists.map(name => [name, [...base[name] ?? [], ...more[name] ?? []]])) }
}

function unmetOne (expect: Expectation, { reply, calls, isClaude }: Outcome): string[] {
  const { answer, failure } = reply
  const failed = failure !== undefined
  const accepted = calls.filter(call => call.accepted)
  const last = calls.at(-1)
  const shownFailure = failed ? `: ${JSON.stringify(failure).slice(0, 300)}` : ''
  const same = (what: string, found: unknown, wanted: unknown) =>
    wanted === undefined || isDeepStrictEqual(found, wanted)
      ? []
      : [`${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`]
  const reasons: string[] = []

  if (expect.error === true) {
    if (!failed) reasons.push(`it did not fail, but answered ${JSON.stringify(answer).slice(0, 300)}`)
    reasons.push(...same('the status', reply.status, expect.status))
  } else if (!(expect.maybeError === true && failed)) {
    if (failed) reasons.push(`it failed with ${reply.status}${shownFailure}`)
    else reasons.push(...same('the status', reply.status, expect.status ?? 200))
  }
  if (expect.initiator !== undefined) {
    reasons.push(...same('x-copilot-initiator', reply.headers['x-copilot-initiator'], expect.initiator),
      ...same('X-Initiator upstream', last?.headers['x-initiator'], expect.initiator))
  }
  reasons.push(...same('the address upstream', accepted.at(-1)?.path, expect.to),
    ...same('the number of accepted calls', accepted.length, expect.calls))
  if (expect.upstream !== undefined) {
    if (last === undefined) reasons.push('nothing went upstream')
    else {reasons.push(...broken(expect.upstream, last.body, upstreamRules({ path: last.path, isClaude })).map(reason =>
        `upstream: ${reason}`
      ))}
  }
  if (answer !== null) reasons.push(...broken(expect.answer, answer, answerRules).map(reason => `answer: ${reason}`))
  reasons.push(...broken(expect.headers, reply.headers, {}).map(reason => `headers: ${reason}`))
  if (failed) reasons.push(...broken(expect.failure, failure, {}).map(reason => `failure: ${reason}`))
  return reasons
}

/** Replaces `{"$ref": path}` and, in a list, `{"$spread": path}` by values of the first answer. */
function filled (value: Json, answer: Json): Json {
  if (Array.isArray(value)) {
    return value.flatMap(each =>
      typeof each?.$spread === 'string' ? valuesAt(answer, each.$spread).flat() : [filled(each, answer)]
    )
  }
  if (typeof value !== 'object' || value === null) return value
  if (typeof value.$ref === 'string') return valuesAt(answer, value.$ref)[0]
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, answer)]))
}
