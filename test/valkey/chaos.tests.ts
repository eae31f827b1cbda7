// Two gateways under load; one is killed again and again. CHAOS_KILLS and CHAOS_EVERY_MS make it longer:
// `CHAOS_KILLS=30 CHAOS_EVERY_MS=10000 npx tap test/valkey/chaos.tests.ts --timeout=900`.
//
// How the test counts. A request that got its whole answer was acknowledged. A request whose connection ended before is
// cut: nobody can know how far it came. So usage has to be what upstream counted, less at most one for each cut
// request, and never less than what was acknowledged. Upstream's count is the emulator's own list of requests.
import t from 'tap'
import { startEmulator, type RecordedRequest, type Seat } from '../../src/emulator/emulator.ts'
import { call, type Json } from '../fixtures/http.ts'
import { startValkey } from '../fixtures/valkey.ts'
import { ask, startGateways } from './gateways.ts'

const kills = Number(process.env['CHAOS_KILLS'] ?? 5)
const everyMs = Number(process.env['CHAOS_EVERY_MS'] ?? 3_000)
const limits = { concurrency: 16, perMinute: 300 }
const model = 'gpt-5.1'
t.setTimeout(240_000 + 2 * kills * everyMs)

interface Person {
  readonly username: string
  readonly seat: Seat
  acknowledged: number
  outputTokens: number
  cut: number
  /** Answers that are neither good nor a refusal by a limit. */
  readonly failed: string[]
  refused: number
  /** Ids of acknowledged answers. */
  readonly ids: string[]
}

const emulator = await startEmulator({ chunkDelayMs: 25, strict: { quota: false } })
t.teardown(() => emulator.close())
const valkey = await startValkey(t)
const gateways = await startGateways(t, emulator, { VALKEY_URL: valkey.url,
  USER_CONCURRENCY: String(limits.concurrency), USER_REQUESTS_PER_MINUTE: String(limits.perMinute) })
const authorization = 'Bearer acpc-0123456789'
const people = await Promise.all(['alice', 'bob', 'carol', 'flood'].map(register))
const flood = people.at(-1)
const renewals = 2

await t.test(`two gateways, one of them killed ${kills} times, every ${everyMs} ms`, async t => {
  let isOver = false
  const work = people.flatMap(person =>
    person === flood
      ? Array.from({ length: 24 }, () => hammer(person, () => isOver))
      : Array.from({ length: 2 }, (_, nth) => converse(person, nth, () => isOver))
  )
  for (let kill = 0; kill < kills; kill++) {
    await pause(everyMs / 2)
    // A renewal, when both gateways have served since the last kill.
    if (kill < renewals) emulator.expireTokens()
    await pause(everyMs / 2)
    await gateways.replace(kill % 2)
  }
  await pause(everyMs / 2)
  isOver = true
  await Promise.all(work)

  const sums = people.map(({ username, acknowledged, cut, refused }) => ({ username, acknowledged, cut, refused }))
  t.comment(JSON.stringify(sums))
  for (const person of people) await check(t, person)
  if (flood !== undefined) checkLimits(t, requestsOf(flood.seat))
})

async function check (t: Tap, person: Person): Promise<void> {
  const { username, seat, acknowledged, cut, failed, refused, outputTokens, ids } = person
  t.strictSame(failed.slice(0, 3), [], `${username}: no request failed but those that were cut`)
  if (person !== flood) t.equal(refused, 0, `${username}: no limit was reached`)
  t.ok(acknowledged > 20, `${username}: ${acknowledged} answers, ${cut} cut`)
  t.equal(seat.exchanges, 1 + renewals, `${username}: one exchange, and one for each renewal`)
  for (const origin of gateways.origins) {
    for (const id of ids.slice(-10)) {
      const { status } = await call(`${origin}/${username}/v1/responses/${encodeURIComponent(id)}`, {
        headers: { authorization },
      })
      t.equal(status, 200, `${username}: an answer is known everywhere`)
    }
  }
  const upstream = requestsOf(seat).length
  const used = await usageOf(username)
  const words = `${used.requests} in the usage, ${upstream} upstream, ${acknowledged} acknowledged, ${cut} cut`
  t.ok(used.requests >= acknowledged && used.requests <= upstream && upstream - used.requests <= cut,
    `${username}: ${words}`)
  t.ok(used.output_tokens >= outputTokens, `${username}: ${used.output_tokens} tokens, ${outputTokens} acknowledged`)
}

/** Each message follows the one before, on the other gateway. */
async function converse (person: Person, nth: number, isOver: () => boolean): Promise<void> {
  for (let turn = nth, previous: string | undefined; !isOver(); turn++) {
    const id = await respond(person, turn, { stream: turn % 3 === 0,
      ...previous === undefined ? {} : { previous_response_id: previous } })
    // A conversation that is long enough begins again: the emulator is no model.
    previous = id === null ? previous : turn % 12 === 0 ? undefined : id
    await pause(150)
  }
}

async function hammer (person: Person, isOver: () => boolean): Promise<void> {
  for (let turn = 0; !isOver(); turn++) await respond(person, turn, { stream: true })
}

/** The id of the answer, or null. */
async function respond (person: Person, turn: number, more: object): Promise<string | null> {
  const outcome = await ask(gateways, turn, `/${person.username}/v1/responses`, { method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ model, input: `turn ${turn}`, ...more }) })
  if (outcome.is === 'cut') {
    person.cut++
    return null
  }
  const answer = readAnswer(outcome.text)
  if (outcome.status === 429) person.refused++
  // A stream that was cut ends without its last event.
  else if (outcome.status === 200 && answer === null && outcome.text.startsWith('event:')) person.cut++
  else if (outcome.status !== 200 || answer === null) {
    person.failed.push(`${outcome.status} ${outcome.text.slice(0, 300)}`)
  } else {
    person.acknowledged++
    person.outputTokens += answer.usage.output_tokens
    person.ids.push(answer.id)
    return answer.id
  }
  return null
}

function readAnswer (text: string): Json {
  const data = text.startsWith('event:') ? /^event: response\.completed\ndata: (.*)$/m.exec(text)?.[1] : text
  if (data === undefined) return null
  const parsed = JSON.parse(data)
  return parsed.response ?? (parsed.status === 'completed' ? parsed : null)
}

/** Model calls that reached upstream with a token of the seat, and were not refused. */
function requestsOf (seat: Seat): RecordedRequest[] {
  return emulator.requests.filter(({ path, headers, status }) =>
    path === '/responses' && status !== 401 && seat.tokensIssued.includes(headers['authorization']?.slice(7) ?? '')
  )
}

async function usageOf (username: string): Promise<{ requests: number, output_tokens: number }> {
  const { json } = await call(`${gateways.origins[0] ?? ''}/${username}/v1/usage/history`, {
    headers: { authorization },
  })
  return json.totals ?? sum(json.data)
}

function sum (rows: Json[]): { requests: number, output_tokens: number } {
  return rows.reduce(
    (all: Json, row: Json) => ({ requests: all.requests + row.requests,
      output_tokens: all.output_tokens + row.output_tokens }),
    { requests: 0, output_tokens: 0 },
  )
}

function checkLimits (t: Tap, requests: readonly RecordedRequest[]): void {
  const [first, last] = [Math.min(...requests.map(({ at }) => at)), Math.max(...requests.map(({ at }) => at))]
  const allowed = limits.perMinute + (last - first) / 60_000 * limits.perMinute
  t.ok(requests.length <= allowed * 1.01 + 1,
    `${requests.length} calls in ${last - first} ms, where ${Math.floor(allowed)} are allowed`)
  const steps = requests.flatMap(({ at, closedAt = at }) => [[at, 1], [closedAt, -1]] as const).toSorted((
    [one, change],
    [two, other],
  ) => one - two || change - other)
  let [now, most] = [0, 0]
  for (const [, change] of steps) most = Math.max(most, now += change)
  t.ok(most <= Math.ceil(limits.concurrency * 1.01), `${most} calls at once, where ${limits.concurrency} are allowed`)
  t.ok(requests.length > allowed / 2 && most > limits.concurrency / 2, 'the limits were reached')
}

async function register (username: string): Promise<Person> {
  const seat = emulator.addSeat()
  const { status, text } = await call(`${gateways.origins[0] ?? ''}/`, {
    json: { username, password: 'acpc-0123456789', token: seat.githubToken },
  })
  if (status !== 201) throw new Error(text)
  return { username, seat, acknowledged: 0, outputTokens: 0, cut: 0, failed: [], refused: 0, ids: [] }
}

type Tap = Pick<typeof t, 'ok' | 'equal' | 'strictSame'>

function pause (ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms)
  })
}
