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
