// docs/spec/copilot.md#emulator: faults, how the bytes of an answer arrive, and which clients disconnected.
import t from 'tap'
import { gunzipSync } from 'node:zlib'
import { request as httpRequest } from 'node:http'
import { knownErrors } from '../../src/emulator/emulator.ts'
import { connect, readEvents, says, until } from './client.ts'
import type { Client } from './client.ts'
import type { Fault } from '../../src/emulator/emulator.ts'

const path = '/chat/completions'
const body = { model: 'gpt-4o', messages: says('hi'), stream: true }
const plan = (client: Client, fault: Fault) => client.emulator.fault({ path }, fault)

t.test('a fault applies to the next matching requests, and then no more', async t => {
  const client = await connect(t)
  const { emulator, post, token } = client
  emulator.fault({ path: /completions$/, model: 'gpt-4o', host: 'plan', token }, knownErrors.internal(), 2)
  t.equal((await post(path, { ...body, model: 'gpt-4.1' })).status, 200)
  t.equal((await post(path, body)).status, 500)
  t.equal((await post(path, body)).status, 500)
  t.equal((await post(path, body)).status, 200)
  emulator.fault({}, knownErrors.internal(), Infinity)
  t.equal((await post(path, body)).status, 500)
  emulator.clearFaults()
  t.equal((await post(path, body)).status, 200)
})

t.test('known errors have the form that was seen from Copilot', async t => {
  const client = await connect(t)
  const answer = async (fault: Fault) => {
    plan(client, fault)
    return client.post(path, body)
  }
  const limited = await answer(knownErrors.rateLimited())
  t.match(limited, { status: 429, json: { error: { code: 'rate_limited' } }, text: /\n$/ })
  t.match(limited.headers.get('content-type'), /^text\/plain/)
  t.equal(limited.headers.get('retry-after'), '7')
  t.ok(Date.parse((await answer(knownErrors.rateLimited('date'))).headers.get('retry-after') ?? '') > 0)
  t.equal((await answer(knownErrors.rateLimited('hours'))).headers.get('retry-after'), '183600')
  t.equal((await answer(knownErrors.rateLimited('none'))).headers.get('retry-after'), null)
  t.match((await answer(knownErrors.rateLimitedSuffix())).json.error.code, /:enterprise$/)
  t.match(await answer(knownErrors.unicorn()), { status: 502, text: /^<!DOCTYPE html>/ })
  t.match(await answer(knownErrors.unavailable()), { status: 503, text: /\n$/ })
  t.match((await answer(knownErrors.flat('no'))).json, { message: 'no' })
  t.match(await answer({ kind: 'redirect', location: 'https://elsewhere.example/' }), { status: 302 })
  t.match(await answer({ kind: 'not-json' }), { status: 200, json: undefined })
})

t.test('a stream can break off, end early, stall or fail in the middle', async t => {
  const client = await connect(t)
  const { emulator, post } = client
  plan(client, { kind: 'reset-before' })
  await t.rejects(post(path, body))
  plan(client, { kind: 'reset-after', events: 2 })
  await t.rejects(post(path, body))
  plan(client, { kind: 'reset-after', events: 2 })
  await t.rejects(post(path, { ...body, stream: false }), 'a whole answer too')
  plan(client, { kind: 'eof-after', events: 2 })
  t.equal((await post(path, body)).events.length, 2)
  plan(client, { kind: 'eof-after', events: 2 })
  await t.rejects(post(path, { ...body, stream: false }), 'half a body')
  plan(client, { kind: 'error-after', events: 2, error: { code: 'oops', message: 'sorry' } })
  t.same((await post(path, body)).events.slice(2).map(event => event.data), [{
    error: { code: 'oops', message: 'sorry' },
  }])
  emulator.fault({ path: '/v1/messages' }, { kind: 'error-after', events: 1 })
  const failed = await post('/v1/messages', { model: 'claude-sonnet-4', max_tokens: 9, messages: says('x'),
    stream: true })
  t.match(failed.events.at(-1), { event: 'error', data: { type: 'error', error: { type: 'overloaded_error' } } })
  plan(client, { kind: 'stall-after', events: 2, ms: 120 })
  const begun = Date.now()
  t.equal((await post(path, body)).events.at(-1)?.data, '[DONE]')
  t.ok(Date.now() - begun >= 115)
  t.notOk(emulator.requests.some(request => request.aborted), 'the emulator blames no client')
  t.same(emulator.problems, [])
})

t.test('an answer can lack a promised part', async t => {
  const client = await connect(t)
  plan(client, { kind: 'omit', terminator: true })
  const { events } = await client.post(path, body)
  t.ok(events.every(event => event.data !== '[DONE]' && event.data.choices[0]?.finish_reason === undefined))
  plan(client, { kind: 'omit', keys: ['usage'], headers: ['x-request-id'] })
  const whole = await client.post(path, { ...body, stream: false })
  t.notOk('usage' in whole.json)
  t.equal(whole.headers.get('x-request-id'), null)
  client.emulator.fault({ path: '/responses' }, { kind: 'omit', keys: ['response.usage'] })
  const { events: named } = await client.post('/responses', { model: 'gpt-5.1', input: 'x', stream: true })
  t.notOk('usage' in (named.at(-1)?.data.response ?? {}))
  client.emulator.fault({ path: '/copilot_internal/v2/token' }, { kind: 'omit', keys: ['endpoints'] })
  t.notOk('endpoints' in (await client.exchange()).json)
  plan(client, { kind: 'headers', headers: { 'content-type': 'text/plain' } })
  t.equal((await client.post(path, body)).headers.get('content-type'), 'text/plain')
})

t.test('gzip is sent if a test asks for it, streamed too', async t => {
  const client = await connect(t)
  for (const stream of [false, true]) {
    plan(client, { kind: 'gzip' })
    const bytes = await raw(client, { ...body, stream })
    t.match(gunzipSync(bytes).toString(), stream ? /\[DONE\]/ : /"choices"/)
  }
})

t.test('the events are the same however the bytes are cut', async t => {
  const client = await connect(t)
  const { emulator } = client
  const read = async () =>
    readEvents((await raw(client, body)).toString()).map(({ data }) =>
      data === '[DONE]' ? data : JSON.stringify(data.choices)
    )
  const whole = await read()
  for (const wire of [{ slice: 'byte' }, { slice: 'utf8' }, { slice: 'crlf-split', lineEnd: '\r\n' }, { slice: 7 }, {
    manyPerWrite: true,
  }, { comments: true }, { bom: true }, { lineEnd: '\r\n' }] as const) {
    Object.assign(emulator.wire, { slice: 'whole', lineEnd: '\n', comments: false, manyPerWrite: false, bom: false },
      wire)
    t.same(await read(), whole, JSON.stringify(wire))
  }
})

t.test('slices are cut at the requested awkward places', async t => {
  const client = await connect(t)
  const { emulator } = client
  emulator.answers.push({ text: 'ü' }, { text: 'ü' }, { text: 'ü' })
  Object.assign(emulator.wire, { slice: 'utf8' })
  const cut = await chunks(client)
  t.ok(cut.some(chunk => chunk.at(-1) === 0xC3), 'inside a character')
  Object.assign(emulator.wire, { slice: 'crlf-split', lineEnd: '\r\n' })
  t.ok((await chunks(client)).some(chunk => chunk[0] === 0x0A), 'between CR and LF')
  Object.assign(emulator.wire, { slice: 'whole', manyPerWrite: true })
  t.ok((await chunks(client)).some(chunk => (chunk.toString().match(/^data: /gm) ?? []).length > 1),
    'several events in one slice')
})

t.test('the emulator notices a client that leaves, also from a request that hangs', async t => {
  const client = await connect(t)
  const { emulator, api, headers } = client
  for (const fault of [{ kind: 'hang' }, { kind: 'stall-after', events: 1, ms: 10_000 }, { kind: 'delay',
    ms: 10_000 }] as const) {
    plan(client, fault)
    const abort = new AbortController()
    const answer = fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body), signal: abort.signal })
      .then(response => response.text())
    const seen = emulator.requests.length
    await until(() => emulator.requests.length > seen)
    await new Promise(resolve => setTimeout(resolve, 20))
    abort.abort()
    await t.rejects(answer)
    const record = emulator.requests.at(-1)
    await until(() => record?.closedAt !== undefined, 500)
    t.match(record, { aborted: true, closedAt: Number }, fault.kind)
  }
})

t.test('a flood waits for its reader, and stops when the reader leaves', async t => {
  const client = await connect(t)
  const { emulator, api, headers } = client
  emulator.answers.push({ bytes: 200_000_000 }, { bytes: 3_000_000 }, { text: ['ab', 'c'], repeat: 1000 })
  const before = process.memoryUsage().rss
  const response = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) })
  await new Promise(resolve => setTimeout(resolve, 300))
  t.ok(process.memoryUsage().rss - before < 100_000_000, 'nothing accumulates')
  await response.body?.cancel()
  const record = emulator.requests.at(-1)
  await until(() => record?.aborted === true)
  t.ok(record?.aborted)
  const { text } = await client.post(path, body)
  t.ok(text.length > 3_000_000, 'a reader gets all of it')
  const deltas = (await client.post(path, body)).events.map(event =>
    String(event.data.choices?.[0]?.delta.content ?? '')
  ).join('')
  t.equal(deltas, 'abc'.repeat(1000))
})

t.test('close() ends at once, with requests still hanging', async t => {
  const client = await connect(t)
  plan(client, { kind: 'hang' })
  const hanging = client.post(path, body)
  hanging.catch(() => {})
  await until(() => client.emulator.requests.length > 1)
  const begun = Date.now()
  await client.emulator.close()
  t.ok(Date.now() - begun < 500)
  await t.rejects(hanging)
})

/** The bytes of an answer, not decoded. */
async function raw (client: Client, content: object): Promise<Buffer> {
  return Buffer.concat(await chunks(client, content))
}

function chunks ({ api, headers }: Client, content: object = body): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const all: Buffer[] = []
    httpRequest(api + path, { method: 'POST', headers, agent: false }, response => {
      response.on('data', (chunk: Buffer) => all.push(chunk)).on('end', () => resolve(all)).on('error', reject)
    }).on('error', reject).end(JSON.stringify(content))
  })
}
