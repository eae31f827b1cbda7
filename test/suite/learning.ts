// Refusals that a rule answers: the gateway repairs the request and sends it once more. After two equal refusals it
// repairs such requests before it sends them.
import { knownErrors } from '../../src/emulator/emulator.ts'
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { says } from './openai.ts'

const path = '/chat/completions'
const refusal = knownErrors.coded(400, 'unsupported_parameter',
  "Unsupported parameter: 'temperature' is not supported with this model.")

export function learningSuite ({ target, test }: Frame): void {
  const { emulator } = target
  const ask = ({ base, password }: User, more: object = {}, headers: Record<string, string> = {}) =>
    call(`${base}/chat/completions`, { json: { model: 'gpt-4o', messages: says('hi'), temperature: 0.5, ...more },
      headers: { authorization: `Bearer ${password}`, ...headers } })
  const sent = () => target.seen(path).map(({ json }) => (json as { temperature?: number }).temperature)

  test('a refused field is dropped and named; after two refusals it is not sent to this model for an hour', async t => {
    const [user, other] = [await target.addUser(), await target.addUser()]
    for (const stream of [false, true]) {
      target.begin()
      emulator.fault({ path }, refusal)
      const { status, headers, text } = await ask(user, { stream })
      t.same([status, headers.get('x-proxy-dropped')], [200, 'temperature'])
      t.match(text, stream ? /data: \[DONE\]\n\n$/ : /Hello/)
      t.same(sent(), [0.5, undefined])
    }
    target.begin()
    t.equal((await ask(user)).headers.get('x-proxy-dropped'), 'temperature')
    t.equal((await ask(user, { model: 'gpt-4.1' })).headers.get('x-proxy-dropped'), null)
    t.equal((await ask(other)).headers.get('x-proxy-dropped'), null)
    t.same(sent(), [undefined, 0.5, 0.5])
    t.match(await ask(user, {}, { 'x-proxy-strict': '1' }), { status: 400,
      json: { error: { message: /temperature/ } } })
    if (target.clock === null) return
    target.clock.advance(3_601_000)
    target.begin()
    t.equal((await ask(user)).headers.get('x-proxy-dropped'), null)
    t.same(sent(), [0.5])
  })

  test('one refusal proves little: the next request is sent unchanged', async t => {
    const user = await target.addUser()
    emulator.fault({ path }, refusal)
    await ask(user)
    await ask(user)
    t.same(sent(), [0.5, undefined, 0.5])
  })

  test('with x-proxy-strict a repair that loses something is refused', async t => {
    const user = await target.addUser()
    emulator.fault({ path }, refusal)
    t.match(await ask(user, {}, { 'x-proxy-strict': '1' }), { status: 400,
      json: { error: { type: 'invalid_request_error', message: /temperature/ } } })
    t.same(sent(), [0.5])
  })

  test('a request is repaired once, and not if nothing would change', async t => {
    const user = await target.addUser()
    emulator.fault({ path }, refusal, 2)
    t.match(await ask(user), { status: 400, json: { error: { code: 'unsupported_parameter' } } })
    t.same(sent(), [0.5, undefined])
    target.begin()
    emulator.fault({ path }, refusal)
    t.match(await ask(user, { temperature: undefined }), { status: 400,
      json: { error: { code: 'unsupported_parameter' } } })
    t.equal(sent().length, 1)
    target.begin()
    emulator.fault({ path }, knownErrors.coded(400, 'invalid_request_body', 'something nobody knows'))
    t.match(await ask(user), { status: 400,
      json: { error: { code: 'invalid_request_body', message: 'something nobody knows' } } })
    t.equal(sent().length, 1, 'an unknown refusal passes through')
  })

  test('a 401 and a refusal are both answered, with three calls in all', async t => {
    const user = await target.addUser()
    await target.askEach(() => ask(user))
    emulator.expireTokens()
    target.begin()
    emulator.fault({ path, token: user.seat.tokensIssued[0] ?? '' }, { kind: 'status', status: 401, body: 'expired\n' })
    emulator.fault({ path }, refusal)
    t.equal((await ask(user)).status, 200)
    t.same(sent(), [0.5, 0.5, undefined])
  })

  test('a blank 400 is sent once more, but never for Gemini with tools', async t => {
    const user = await target.addUser()
    const blank = { kind: 'status', status: 400, body: 'Bad Request\n' } as const
    emulator.fault({ path }, blank)
    t.equal((await ask(user)).status, 200)
    t.same(sent(), [0.5, 0.5])
    target.begin()
    emulator.fault({ path }, blank, 5)
    t.equal((await ask(user)).status, 400)
    t.equal(sent().length, 2)
    emulator.clearFaults()
    target.begin()
    emulator.fault({ path }, blank)
    t.equal(
      (await ask(user, { model: 'gemini-2.5-pro',
        tools: [{ type: 'function', function: { name: 'a', parameters: { type: 'object', properties: {} } } }] }))
        .status,
      400,
    )
    t.equal(sent().length, 1)
  })

  test('if reasoning uses up the output cap, the answer ends as too long in each dialect', async t => {
    const user = await target.addUser()
    const [hello] = [says('hi')]
    const model = 'gpt-5-mini'
    const send = (path: string, json: object) =>
      call(`${user.base}${path}`, { json, headers: { authorization: `Bearer ${user.password}` } })
    t.match(
      await send('/chat/completions', { model, messages: hello, max_completion_tokens: 10, reasoning_effort: 'high' }),
      { status: 200, json: { choices: [{ finish_reason: 'length' }] } },
    )
    t.match(await send('/responses', { model, input: 'hi', max_output_tokens: 16, reasoning: { effort: 'high' } }), {
      status: 200,
      json: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    })
    t.match(await send('/messages', { model, messages: hello, max_tokens: 10, output_config: { effort: 'high' } }), {
      status: 200,
      json: { stop_reason: 'max_tokens' },
    })
    t.match(
      await send('/chat/completions', { model, messages: hello, max_completion_tokens: 10, reasoning_effort: 'high',
        stream: true }),
      { status: 200, text: /"finish_reason":"length"/ },
    )
  })

  test('a web search becomes a function of the gateway if Copilot refuses it, and otherwise goes through', async t => {
    const user = await target.addUser()
    const search = () =>
      call(`${user.base}/responses`, { json: { model: 'gpt-5.1', input: 'hi', tools: [{ type: 'web_search' }] },
        headers: { authorization: `Bearer ${user.password}` } })
    t.match(await search(), { status: 200 })
    t.same(target.seen('/responses').map(({ json }) => (json as { tools?: unknown }).tools), [[{ type: 'web_search' }]])
    emulator.strict.responsesWebSearch = true
    t.teardown(() => {
      emulator.strict.responsesWebSearch = false
    })
    target.begin()
    const refused = await search()
    t.same([refused.status, refused.headers.get('x-proxy-dropped')], [200, null])
    t.match(target.seen('/responses').map(({ json }) => (json as { tools?: unknown }).tools), [[{ type: 'web_search' }],
      [{ type: 'function', name: 'web_search' }]])
  })

  test("an image in a tool's output moves behind it if Copilot accepts only text there", async t => {
    const user = await target.addUser()
    const input = [{ role: 'user', content: 'hi' }, { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c',
        output: [{ type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=' }] }]
    emulator.strict.toolOutputText = true
    t.teardown(() => {
      emulator.strict.toolOutputText = false
    })
    const tools = [{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }]
    t.match(
      await call(`${user.base}/responses`, { json: { model: 'gpt-5.1', input, tools },
        headers: { authorization: `Bearer ${user.password}` } }),
      { status: 200 },
    )
    t.equal(target.seen('/responses').length, 2)
  })
}
