// Asks the questions one after another and compares the answers with the spec. A failed request never makes it throw:
// it counts as a difference, because the spec says that the answer exists.
import { toDay } from '../days.ts'
import type { GatewayError } from '../errors.ts'
import { toGatewayError } from '../errors.ts'
import type { Model } from '../model-entry.ts'
import type { News, Observation, Question, Report, Request } from './question.ts'
import { readSeat } from './seat.ts'
import { quotaKeys, replyHeaders } from './shapes.ts'

export interface WitnessOptions {
  readonly models: readonly Model[]
  /** Sends one request on behalf of the account. @throws {GatewayError} when there is no answer */
  readonly send: (request: Request) => Promise<Observation>
  readonly version: string
  readonly now: () => number
}

export async function runWitness (
  asked: readonly Question[],
  { models, send, version, now }: WitnessOptions,
): Promise<Report> {
  const seat = readSeat(models)
  const holds: string[] = []
  const differs: Array<Report['differs'][number]> = []
  const skipped: Array<Report['skipped'][number]> = []
  const found = { models: new Set<string>(), fields: new Set<string>(), headers: new Set<string>() }
  const add = (news: Partial<News>) => {
    for (const key of ['models', 'fields', 'headers'] as const) for (const each of news[key] ?? []) found[key].add(each)
  }

  for (const question of asked) {
    const request = question.request(seat)
    if ('skip' in request) {
      skipped.push({ question: question.id, why: request.skip })
      continue
    }
    const seen = await send(request).catch((thrown: unknown) => toGatewayError(thrown))
    for (const { id, says, spec, check } of question.facts) {
      const other = isObservation(seen) ? check(seen, seat) : `no answer: ${seen.code}`
      if (other === null) holds.push(id)
      else differs.push({ fact: id, says, spec, seen: other })
    }
    if (!isObservation(seen)) continue
    const fields = question.news?.(seen) ?? {}
    add({ ...fields, fields: (fields.fields ?? []).map(field => `${question.id}: ${field}`),
      headers: newHeaders(seen) })
  }
  const list = (values: ReadonlySet<string>) => [...values].toSorted()
  return {
    object: 'witness',
    version,
    day: toDay(now()),
    asked: asked.map(({ id }) => id),
    holds,
    differs,
    skipped,
    new: { models: list(found.models), fields: list(found.fields), headers: list(found.headers) },
  }
}

function isObservation (seen: Observation | GatewayError): seen is Observation {
  return 'events' in seen
}

/** Names of headers, and of keys inside the quota headers; never their values. */
function newHeaders ({ headers }: Observation): string[] {
  const names = Object.keys(headers).filter(name => !replyHeaders.has(name) && !name.startsWith('x-quota-snapshot-'))
  const quotas = Object.entries(headers).filter(([name]) => name.startsWith('x-quota-snapshot-'))
  const keys = quotas.flatMap(([name, value]) =>
    [...new URLSearchParams(value).keys()].filter(key => !quotaKeys.has(key)).map(key => `${name}: ${key}`)
  )
  return [...names, ...quotas.map(([name]) => name).filter(name => !replyHeaders.has(name)), ...keys]
}
