// The list of models, and how a name that a client knows becomes a model that Copilot has.
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import { models as served } from '../../src/emulator/emulator.ts'
import { openAi, says } from './openai.ts'

const path = '/chat/completions'

export function modelsSuite ({ target, test, testWith }: Frame): void {
  const { origin, emulator } = target
  const asked = () => target.seen(path).map(({ json }) => (json as { model?: string }).model)

  test("models.list() gives each model once, free ones first, in OpenAI's and Anthropic's shape", async t => {
    const user = await target.addUser()
    const list = (await openAi(user).models.list()).data as unknown as Array<Record<string, unknown>>
    t.equal(list.at(-1)?.['id'], 'auto', "Copilot's own choice comes last")
    t.equal(list.length, new Set(served.map(({ id }) => id)).size + 1)
    t.equal(new Set(list.map(({ id }) => id)).size, list.length)
    for (const model of list) {
      t.match(model, { id: /./, object: 'model', type: 'model', created: Number, created_at: /^\d{4}-\d\d-\d\dT/,
        owned_by: /^[a-z]/, display_name: /./, free: Boolean, capabilities: { type: /./ } })
    }
    const free = list.map(model => model['free'])
    t.same(free, free.toSorted((a, b) => Number(b) - Number(a)), 'free ones first')
    const order = served.map(({ id }) => id)
    for (const kind of [true, false]) {
      const ids = list.filter(model => model['free'] === kind && model['id'] !== 'auto').map(({ id }) =>
        order.indexOf(String(id))
      )
      t.same(ids, ids.toSorted((a, b) => a - b), "otherwise in upstream's order")
    }
    const isFree = (id: string) => list.find(model => model['id'] === id)?.['free']
    t.same(
      ['gpt-4.1', 'gpt-4o', 'gpt-5-mini', 'oswe-vscode-secondary', 'oswe-vscode-prime', 'text-embedding-3-small'].map(
        isFree,
      ),
      Array(6).fill(true),
    )
    t.same(['gpt-5.1', 'claude-sonnet-4.5', 'claude-haiku-4.5', 'gpt-5.2', 'grok-code-fast-1'].map(isFree),
      Array(5).fill(false), "Copilot's own price counts more than a list")
    const { json } = await call(`${user.base}/models`, { headers: { authorization: `Bearer ${user.password}` } })
    t.match(json, { object: 'list', has_more: false, first_id: list[0]?.['id'], last_id: list.at(-1)?.['id'] })
    t.match(list.find(({ id }) => id === 'claude-sonnet-4.5'), { owned_by: 'anthropic', policy: { state: 'enabled' },
      supported_endpoints: ['/chat/completions', '/v1/messages'], context_length: 200_000, max_input_tokens: 168_000,
      max_output_tokens: 32_000, max_tokens: 32_000, max_completion_tokens: 32_000, context_window: 200_000,
      modalities: { input: ['text', 'image'], output: ['text'] },
      architecture: { input_modalities: ['text', 'image'] } })
  })

  test('models.retrieve() finds a model by its id and by its other names', async t => {
    const client = openAi(await target.addUser())
    t.match(await client.models.retrieve('gpt-4.1'), { id: 'gpt-4.1', object: 'model', free: true })
    t.match(await client.models.retrieve('claude-sonnet-4-5-20250929'), { id: 'claude-sonnet-4.5',
      owned_by: 'anthropic' })
    t.match(await client.models.retrieve('github_copilot/gpt-4o'), { id: 'gpt-4o' })
    await t.rejects(client.models.retrieve('gpt-4.2'), { status: 404, code: 'model_not_found' })
  })

  test('the list is requested once in five minutes for each account type', async t => {
    const user = await target.addUser()
    const list = (more = {}) =>
      call(`${user.base}/models`, { headers: { authorization: `Bearer ${user.password}`, ...more } })
    await list()
    await list()
    t.equal(target.seen('/models').length, 1)
    await list({ 'x-copilot-account-type': 'business' })
    t.same(target.seen('/models').map(({ host, label }) => [host, label]), [['plan', 'individual'], ['account',
      'business']])
    t.equal(target.seen('/models')[0]?.headers['openai-intent'], 'model-access')
    t.equal(target.seen('/models')[0]?.headers['x-initiator'], undefined)
  })

  test('an error of the list is passed on and never remembered; the last good list stays', async t => {
    const user = await target.addUser()
    const headers = { authorization: `Bearer ${user.password}` }
    emulator.fault({ path: '/models' }, { kind: 'html', status: 502 })
    t.equal((await call(`${user.base}/models`, { headers })).status, 502)
    t.ok((await call(`${user.base}/models`, { headers })).json.data.length > 10, 'the next one is good')
    if (target.clock === null) return
    target.clock.advance(301_000)
    emulator.fault({ path: '/models' }, { kind: 'html', status: 502 })
    t.ok((await call(`${user.base}/models`, { headers })).json.data.length > 10, 'the last good copy')
  })

  test('a user whose token GitHub does not exchange has an empty list', async t => {
    for (const state of ['revoked', 'no-seat', 'wrong-app', 'policy'] as const) {
      emulator.fault({ path: '/copilot_internal/v2/token' }, { kind: 'html', status: 502 }, 2)
      const [fields, seat] = [{ username: target.newName(), password: target.newPassword() }, target.addSeat()]
      t.match(await call(`${origin}/`, { json: { ...fields, token: seat.githubToken } }), { status: 201,
        json: { status: 'saved-unchecked' } })
      seat.state = state
      const { status, json } = await call(`${origin}/${fields.username}/v1/models`, {
        headers: { authorization: `Bearer ${fields.password}` },
      })
      t.same({ status, json }, { status: 200, json: { data: [], object: 'list' } }, state)
    }
  })

  test('the store keeps the list of a seat, and deletes it with its user', async t => {
    const user = await target.addUser()
    await call(`${user.base}/models`, { headers: { authorization: `Bearer ${user.password}` } })
    const isKept = async () => (await target.dumpStore()).includes(`models:${user.username}\t`)
    for (let n = 0; n < 100 && !await isKept(); n++) await new Promise(resolve => setTimeout(resolve, 20))
    t.ok(await isKept())
    t.equal(
      (await call(`${origin}/users/delete`, { json: { username: user.username, password: user.password } })).status,
      200,
    )
    for (let n = 0; n < 100 && await isKept(); n++) await new Promise(resolve => setTimeout(resolve, 20))
    t.notOk(await isKept())
  })

  test('a request without a model gets gpt-4o', async t => {
    const user = await target.addUser()
    for (const model of [undefined, null]) {
      t.match(
        await call(`${user.base}/chat/completions`, { json: { model, messages: says('hi') },
          headers: { 'x-api-key': user.password } }),
        { status: 200, json: { model: 'gpt-4o-2024-11-20' } },
      )
    }
    t.same(asked(), ['gpt-4o', 'gpt-4o'])
  })

  for (const known of [false, true]) {
    test(`other names are resolved ${known ? 'with the list at hand' : 'before the list is known'}`, async t => {
      const names = {
        'claude-sonnet-4-5-20250929': 'claude-sonnet-4.5',
        'claude-sonnet-4-5': 'claude-sonnet-4.5',
        'claude-sonnet-4-20250514': 'claude-sonnet-4',
        'claude-haiku-4-5-latest': 'claude-haiku-4.5',
        'claude-opus-4-6[1m]': 'claude-opus-4.6',
        'claude-sonnet-4.5[1m]': 'claude-sonnet-4.5',
        'github_copilot/gpt-4o': 'gpt-4o',
        'github_copilot/claude-sonnet-4-5': 'claude-sonnet-4.5',
        'gpt-4o': 'gpt-4o',
      }
      for (const [name, id] of Object.entries(names)) {
        const client = openAi(await target.addUser())
        if (known) await client.models.list()
        target.begin()
        const { model } = await client.chat.completions.create({ model: name, messages: says('hi') })
        t.same(asked(), [id], name)
        const streamed = await client.chat.completions.stream({ model: name, messages: says('hi') })
          .finalChatCompletion()
        t.equal(streamed.model, model, "upstream's own id, streamed and not")
      }
    })

    test(`an unknown model is 404 with the nearest ids, ${known ? 'with a list' : 'without one'}`, async t => {
      const client = openAi(await target.addUser())
      if (known) await client.models.list()
      for (const stream of [false, true]) {
        const refused = client.chat.completions.create({ model: 'claude-sonnet-4.9', messages: says('hi'), stream })
        await t.rejects(refused, { status: 404, code: 'model_not_found', param: 'model', type: 'invalid_request_error',
          message: /claude-sonnet-4\.5/ })
      }
    })
  }

  testWith({
    MODEL_ALIASES:
      '{"claude-3-5-haiku-latest":"claude-haiku-4.5","gpt-4o":"gpt-4.1","odd":"github_copilot/claude-sonnet-4-5"}',
  }, 'MODEL_ALIASES wins over ids and rules', async (t, own) => {
    const client = openAi(await own.addUser())
    for (const model of ['claude-3-5-haiku-latest', 'gpt-4o', 'odd']) {
      await client.chat.completions.create({ model, messages: says('hi') })
    }
    t.same(own.seen(path).map(({ json }) => (json as { model?: string }).model), ['claude-haiku-4.5', 'gpt-4.1',
      'claude-sonnet-4.5'])
  })

  test('a model whose terms are not accepted gets an error that names the terms', async t => {
    await t.rejects(
      openAi(await target.addUser()).chat.completions.create({ model: 'grok-code-fast-1', messages: says('hi') }),
      { status: 400, code: 'model_not_supported', message: /github\.com\/settings\/copilot/ },
    )
  })
}
