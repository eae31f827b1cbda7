// Two gateways that share hot state answer as one.
import t from 'tap'
import { startPair } from '../../fixtures/two-gateways.ts'

const model = 'gpt-5.1'

interface Answer {
  readonly id: string
  readonly output: ReadonlyArray<{ readonly id: string }>
}

t.test('the other gateway knows previous_response_id, items, GET and DELETE', async t => {
  const { ask } = await startPair(t)
  const first = await (await ask(0, '/responses', { model, input: 'hi' })).json() as Answer
  const second = await ask(1, '/responses', { model, input: 'and?', previous_response_id: first.id })
  t.equal(second.status, 200, await second.clone().text())
  const item = await ask(1, '/responses', { model,
    input: [{ type: 'item_reference', id: first.output[0]?.id }, { role: 'user', content: 'so?' }] })
  t.equal(item.status, 200, await item.clone().text())
  const { id } = await second.json() as Answer
  const path = `/responses/${encodeURIComponent(id)}`
  const seen = await ask(0, path)
  t.match(await seen.json(), { id })
  const inputs = await (await ask(0, `${path}/input_items?order=asc`)).json() as { data: unknown[] }
  t.match(inputs.data.at(-1), { role: 'user', content: [{ text: 'and?' }] })
  t.equal((await ask(0, path, undefined, { method: 'DELETE' })).status, 200)
  t.equal((await ask(1, path)).status, 404, 'the process that made it forgets it too')
  t.equal((await ask(1, path, undefined, { method: 'DELETE' })).status, 404)
})

t.test('a streamed answer is known elsewhere before the client has its last event', async t => {
  const { ask } = await startPair(t)
  for (let turn = 0, previous: string | undefined; turn < 10; turn++) {
    const response = await ask(turn % 2 === 0 ? 0 : 1, '/responses', { model, input: `turn ${turn}`, stream: true,
      ...previous === undefined ? {} : { previous_response_id: previous } })
    t.equal(response.status, 200)
    const text = await response.text()
    t.notMatch(text, /"error":\{/)
    previous = /response.completed[^]*?"id":"([^"]+)"/.exec(text)?.[1]
    t.type(previous, 'string')
  }
})

t.test('both gateways together exchange once for each user, and once for each renewal', async t => {
  const { ask, emulator } = await startPair(t)
  const exchanges = () => emulator.requests.filter(({ path }) => path === '/copilot_internal/v2/token').length
  const before = exchanges()
  const call = (at: number) =>
    ask(at % 2 === 0 ? 0 : 1, '/chat/completions', { model: 'gpt-4o',
      messages: [{ role: 'user', content: `call ${at}` }] })
  const statuses = async () => (await Promise.all([...Array(20).keys()].map(call))).map(({ status }) => status)
  t.ok((await statuses()).every(status => status === 200))
  const first = exchanges()
  t.ok(first - before <= 1, 'one exchange, or none after that of the registration')
  emulator.expireTokens()
  t.ok((await statuses()).every(status => status === 200))
  t.equal(exchanges() - first, 1, 'one renewal for both')
})

const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] }

t.test('what GitHub refuses to one gateway, the other does not ask for', async t => {
  const { ask, emulator, seat } = await startPair(t)
  for (const at of [0, 1] as const) t.equal((await ask(at, '/chat/completions', chat)).status, 200)
  seat.state = 'no-seat'
  emulator.expireTokens()
  const before = seat.exchanges
  const texts: string[] = []
  for (const at of [0, 1, 0, 1] as const) {
    const response = await ask(at, '/chat/completions', chat)
    t.equal(response.status, 403)
    texts.push((await response.json() as { error: { message: string } }).error.message)
  }
  t.match(texts[0], /No access to GitHub Copilot found/)
  t.equal(new Set(texts).size, 1, 'the same words')
  t.equal(seat.exchanges, before + 1)
})

t.test('both gateways together renew a token three times in 30 s', async t => {
  const { ask, emulator, seat } = await startPair(t)
  for (const round of [1, 2, 3]) {
    emulator.expireTokens()
    for (const at of [0, 1, 1, 0] as const) {
      t.equal((await ask(round % 2 === 0 ? at : at === 0 ? 1 : 0, '/chat/completions', chat)).status, 200)
    }
    t.equal(seat.exchanges, 1 + round)
  }
  emulator.expireTokens()
  for (const at of [0, 1] as const) {
    const response = await ask(at, '/chat/completions', chat)
    t.match(await response.json(), { error: { code: 'copilot_token_unstable' } })
    t.equal(response.status, 503)
  }
  t.equal(seat.exchanges, 4)
})

t.test('a seat that Copilot never accepts is refused by both after one renewal', async t => {
  const { ask, emulator, seat } = await startPair(t)
  // Otherwise the list of models comes first, and its success proves that the token is good.
  for (const at of [0, 1] as const) await ask(at, '/models')
  emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 401, body: 'unauthorized\n' }, 5)
  for (const at of [0, 1] as const) {
    const response = await ask(at, '/chat/completions', chat)
    t.equal(response.status, 403)
    t.match(await response.json(), { error: { code: 'github_token_rejected' } })
  }
  const calls = emulator.requests.filter(({ path }) => path === '/chat/completions').length
  t.strictSame([calls, seat.exchanges], [4, 2])
})

t.test('a conversation of Auto has one session, and so one model, in both', async t => {
  const { ask, emulator } = await startPair(t)
  for (const at of [0, 1, 0, 1] as const) {
    t.equal((await ask(at, '/chat/completions', { ...chat, model: 'auto' })).status, 200)
  }
  t.equal(emulator.requests.filter(({ path }) => path === '/auto').length, 1)
  const tokens = emulator.requests.filter(({ path }) => path === '/chat/completions').map(({ headers }) =>
    headers['copilot-session-token']
  )
  t.equal(new Set(tokens).size, 1)
})

t.test('registrations, failed sign-ins and polls of one address count in both', async t => {
  const { origins, emulator } = await startPair(t, { REGISTRATIONS_PER_10_MINUTES: '3', AUTH_FAILURES_PER_MINUTE: '6' })
  const post = (at: number, path: string, body: object) =>
    fetch(`${origins[at % 2 === 0 ? 0 : 1]}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body) })
  const statuses: number[] = []
  for (let at = 0; at < 4; at++) {
    const user = { username: `user-${at}`, password: 'acpc-abcdefghij', token: emulator.addSeat({}).githubToken }
    statuses.push((await post(at, '/', user)).status)
  }
  t.strictSame(statuses, [201, 201, 429, 429], 'the user of the test was the first of three')
  const wrong: number[] = []
  for (let at = 0; at < 6; at++) {
    const headers = { authorization: `Bearer acpc-wrong0000${at}` }
    wrong.push((await fetch(`${origins[at % 2 === 0 ? 0 : 1]}/mona/v1/models`, { headers })).status)
  }
  t.strictSame(wrong, [401, 401, 401, 401, 429, 429], 'two refused registrations count too')
  const code = await (await post(0, '/github/get-device-code', {})).json() as { device_code: string }
  t.equal((await post(0, '/github/poll-device-code', code)).status, 202)
  t.equal((await post(1, '/github/poll-device-code', code)).status, 429, 'too fast for both together')
})

t.test('while the engine is away, warm users go on; afterwards the other gateway knows what happened', async t => {
  const { ask, breakEngine, logs } = await startPair(t, { USER_CONCURRENCY: '4', USER_REQUESTS_PER_MINUTE: '60' })
  const answer = async (at: 0 | 1, body: object) => {
    const response = await ask(at, '/responses', { model, ...body })
    t.equal(response.status, 200, await response.clone().text())
    return await response.json() as Answer
  }
  await answer(0, { input: 'hi' })
  await answer(1, { input: 'hi' })
  breakEngine(true)
  const made = await answer(0, { input: 'during the outage' })
  await answer(1, { input: 'too' })
  t.equal(logs().split('the engine of hot state does not answer').length - 1, 2, 'one line for each gateway')
  breakEngine(false)
  for (let status = 400; status !== 200;) {
    const next = await ask(1, '/responses', { model, input: 'and?', previous_response_id: made.id })
    status = next.status
    t.ok([200, 400].includes(status))
    await new Promise(resolve => setTimeout(resolve, 200))
  }
})

t.test('an engine that counts gets each call once, also if it was away', async t => {
  const counted: Array<readonly [string, number]> = []
  const { ask, breakEngine } = await startPair(t, {}, { countsEachCall: true }, (owner, rows) => {
    counted.push([owner, rows.reduce((sum, { requests }) => sum + requests, 0)])
  })
  const chat = async (at: 0 | 1) => {
    const { status } = await ask(at, '/chat/completions', { model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hi' }] })
    t.equal(status, 200)
  }
  await chat(0)
  t.strictSame(counted, [['mona', 1]], 'before the client has its answer')
  breakEngine(true)
  await chat(1)
  await chat(1)
  breakEngine(false)
  const sum = () => counted.reduce((sum, [, requests]) => sum + requests, 0)
  while (sum() < 3) await new Promise(resolve => setTimeout(resolve, 100))
  await chat(0)
  t.equal(sum(), 4)
})
