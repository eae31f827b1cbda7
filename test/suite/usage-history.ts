// What a user used, by day, key, client, model and endpoint: `GET /v1/usage/history`.
import type { Frame } from '../fixtures/cases.ts'
import { call, type Got, type Json } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'

export function usageHistorySuite ({ target, test }: Frame): void {
  const today = () => new Date(target.clock?.now() ?? Date.now()).toISOString().slice(0, 10)
  const auth = (secret: string) => ({ authorization: `Bearer ${secret}` })
  const history = ({ base, password }: User, query: string, headers = auth(password)): Promise<Got> =>
    call(`${base}/usage/history?${query}`, { headers })
  const rows = async (user: User, query: string): Promise<Json[]> => (await history(user, query)).json.data
  const chat = ({ base, password }: User, body: object, headers: Record<string, string> = {}): Promise<Got> =>
    call(`${base}/chat/completions`, { method: 'POST',
      headers: { 'content-type': 'application/json', ...auth(password), ...headers },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], ...body }) })

  test('a call counts by day, model, key, client, seat and endpoint, with its tokens and credits', async t => {
    const user = await target.addUser(undefined, { kind: 'credits' })
    target.emulator.answers.push({ text: 'x', usage: { inputTokens: 1_000, cachedTokens: 400, outputTokens: 50 } })
    await chat(user, { model: 'gpt-5.1' }, { 'user-agent': 'codex_cli_rs/0.50.0 (Linux; x86_64)' })
    const [row, ...others] = await rows(user, 'by=day,model,key,client,seat,endpoint')
    t.same(others, [])
    t.match(row, { day: today(), model: 'gpt-5.1', key: 'password', client: 'codex', seat: 'default', requests: 1,
      errors: 0, input_tokens: 1_000, cached_tokens: 400, output_tokens: 50, reasoning_tokens: 0, searches: 0 })
    t.match(row.endpoint, /^\/(?:chat\/completions|responses)$/)
    t.ok(row.credits > 0, `${row.credits} credits`)
    t.same(Object.keys(row), ['day', 'model', 'key', 'client', 'seat', 'endpoint', 'requests', 'errors', 'input_tokens',
      'cached_tokens', 'output_tokens', 'reasoning_tokens', 'credits', 'searches'])
  })

  test('rows of other columns add up, in every dialect and streamed or not', async t => {
    const user = await target.addUser()
    const send = (path: string, body: object) =>
      call(`${user.base}${path}`, { method: 'POST',
        headers: { 'content-type': 'application/json', ...auth(user.password),
          'user-agent': 'claude-cli/2.0.1 (external, cli)' }, body: JSON.stringify(body) })
    await chat(user, { model: 'gpt-4o', stream: true }, { 'user-agent': 'OpenAI/JS 6.0.0' })
    await send('/messages', { model: 'claude-sonnet-4.5', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] })
    await send('/responses', { model: 'gpt-5.1', input: 'hi', stream: true })
    await send('/embeddings', { model: 'text-embedding-3-small', input: 'hi' })
    t.match(await rows(user, ''), [{ day: today(), requests: 4, errors: 0 }], 'by day, without `by`')
    t.same((await rows(user, 'by=client')).map(({ client, requests }) => [client, requests]), [['claude-code', 3], [
      'openai-sdk',
      1,
    ]])
    t.same((await rows(user, 'by=endpoint')).map(({ endpoint }) => endpoint).includes('/embeddings'), true)
    t.equal((await rows(user, 'by=model')).length, 4)
    t.same(await rows(await target.addUser(), ''), [], 'only their own')
  })

  test('a key and a session count under their own names', async t => {
    const user = await target.addUser()
    const made = await call(`${user.base}/keys`, { method: 'POST',
      headers: { 'content-type': 'application/json', ...auth(user.password) }, body: '{"name":"one"}' })
    const { id, key } = made.json
    const page = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
    const opened = await call(`${target.origin}/session`, { method: 'POST', headers: page,
      body: JSON.stringify({ username: user.username, password: user.password }) })
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
    await chat({ ...user, password: key }, { model: 'gpt-4o' })
    await chat(user, { model: 'gpt-4o' })
    const asked = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] }
    t.equal(
      (await call(`${user.base}/chat/completions`, { method: 'POST', headers: { ...page, cookie },
        body: JSON.stringify(asked) })).status,
      200,
    )
    t.same((await rows(user, 'by=key,client')).map(row => `${row.key} ${row.client} ${row.requests}`).toSorted(),
      [`${id} other 1`, 'password other 1', 'session page 1'].toSorted())
    const seen = await call(`${user.base}/usage/history`, { headers: { ...page, cookie } })
    t.equal(seen.json.data[0].requests, 3, 'a session reads it too')
  })

  test('a failure counts as an error, and an invented model or client makes no row of its own', async t => {
    const user = await target.addUser()
    target.emulator.fault({ path: '/chat/completions' }, { kind: 'html', status: 502 })
    await chat(user, { model: 'gpt-4o' })
    for (const nth of [1, 2, 3]) {
      await chat(user, { model: 'gpt-4o' }, { 'user-agent': `attacker-${nth}` })
      await chat(user, { model: `invented-${nth}` })
    }
    const found = await rows(user, 'by=model,client')
    t.ok(found.every(({ model, client }) => ['gpt-4o', 'other'].includes(model) && client === 'other'),
      JSON.stringify(found))
    t.match(await rows(user, ''), [{ errors: 1 }])
  })

  test('as CSV, for a spreadsheet', async t => {
    const user = await target.addUser()
    await chat(user, { model: 'gpt-4o' }, { 'user-agent': 'curl/8.5.0' })
    const { status, headers, text } = await history(user, 'by=day,client&format=csv')
    t.equal(status, 200)
    t.equal(headers.get('content-type'), 'text/csv; charset=utf-8')
    t.match(headers.get('content-disposition'), /^attachment; filename="usage-/)
    const [head, row, end] = text.split('\r\n')
    t.equal(head,
      'day,client,requests,errors,input_tokens,cached_tokens,output_tokens,reasoning_tokens,credits,searches')
    t.match(row, new RegExp(`^${today()},curl,1,0,`))
    t.equal(end, '')
  })

  test('wrong days, columns and formats are 400; a key is refused', async t => {
    const user = await target.addUser()
    for (const query of ['from=yesterday', 'from=2026-02-30', 'to=2026-13-01', 'from=', 'by=', 'by=day,,model',
      'by=day,day', 'by=user', 'format=xml', 'from=2026-02-02&to=2026-02-01', 'from=2020-01-01&to=2026-01-01']) {
      t.match(await history(user, query), { status: 400, json: { error: { code: 'invalid_request' } } }, query)
    }
    t.match(await history(user, ''), { status: 200, json: { object: 'list', by: ['day'], kept_days: 90, data: [] } })
    t.match(await history(user, 'from=2020-01-01&to=2020-02-01'), { status: 200, json: { data: [] } })
    const made = await call(`${user.base}/keys`, { method: 'POST',
      headers: { 'content-type': 'application/json', ...auth(user.password) }, body: '{"name":"one"}' })
    t.match(await history(user, '', auth(made.json.key)), { status: 403, json: { error: { code: 'key_not_allowed' } } })
    t.match(await history(user, '', auth('acpc-0000000000')), { status: 401 })
  })

  test('a deleted user leaves no usage to the next one of that name', async t => {
    const user = await target.addUser()
    await chat(user, { model: 'gpt-4o' })
    t.equal((await rows(user, '')).length, 1)
    await call(`${target.origin}/users/delete`, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: user.username, password: user.password }) })
    const again = await target.addUser(user.username)
    t.same(await rows(again, ''), [])
  })

  test('Copilot’s own count since the first answer is shown next to this proxy’s', async t => {
    const user = await target.addUser(undefined, { kind: 'credits' })
    const reconciled = async () =>
      (await call(`${user.base}/usage`, { headers: auth(user.password) })).json.proxy.reconciled
    t.equal(await reconciled(), null)
    const usage = { inputTokens: 1_000_000, cachedTokens: 0, outputTokens: 0 }
    target.emulator.answers.push(...[1, 2, 3].map(() => ({ text: 'x', usage })))
    for (const _ of [1, 2, 3]) await chat(user, { model: 'gpt-5.1' })
    const seen = await reconciled()
    t.match(seen, { bucket: 'premium_interactions', unit: 'credits', difference: 0, percent: 0 })
    t.ok(seen.copilot > 0)
  })
}
