// Time: the gateway keeps a silent client connected, gives up a silent upstream, and waits for a status for a limited
// time only.
import { ceiling } from '../fixtures/ceiling.ts'
import type { Frame } from '../fixtures/cases.ts'
import { call, readEvents } from '../fixtures/http.ts'
import type { Target, User } from '../fixtures/targets.ts'
import { openAi, says } from './openai.ts'

const path = '/chat/completions'
const patient = { HEARTBEAT_SECONDS: '0.2' }
const ask = ({ base, password }: User, more: object = {}) =>
  call(`${base}/chat/completions`, { json: { model: 'gpt-4o', messages: says('hi'), stream: true, ...more },
    headers: { authorization: `Bearer ${password}` } })
const pings = (text: string) => text.split('\n\n').filter(block => block.startsWith(':')).length

export function paceSuite ({ test, testWith, target }: Frame): void {
  testWith(patient, 'comments keep a stalled stream alive until it continues', async (t, { addUser, emulator }) => {
    const user = await addUser()
    emulator.fault({ path }, { kind: 'stall-after', events: 3, ms: 1_000 })
    const { text } = await ask(user)
    t.ok(pings(text) >= 3 && pings(text) <= 6, `${pings(text)} pings in a second`)
    t.ok(text.endsWith('data: [DONE]\n\n'))
    emulator.fault({ path }, { kind: 'stall-after', events: 3, ms: 500 })
    const { choices } = await openAi(user).chat.completions.stream({ model: 'gpt-4o', messages: says('hi') })
      .finalChatCompletion()
    t.match(choices, [{ finish_reason: 'stop', message: { content: /Hello/ } }], 'the SDK does not see them')
    t.ok(await isQuietOnce(user), 'none while data arrives')
  })

  testWith(patient, 'a late status: 200 and a comment after a heartbeat, then the answer',
    async (t, { addUser, emulator }) => {
      const user = await addUser()
      for (const model of ['gpt-4o', 'o3-mini']) {
        emulator.fault({ path }, { kind: 'delay', ms: 700 })
        const { status, text, headers } = await ask(user, { model })
        t.equal(status, 200)
        t.match(text, /^: [^\n]+\n\n/)
        t.ok(text.endsWith('data: [DONE]\n\n'), model)
        t.equal(headers.get('x-copilot-upstream'), path)
      }
      emulator.fault({ path }, { kind: 'delay', ms: 700 })
      t.match(await ask(user, { stream: false }), { status: 200, json: { object: 'chat.completion' } },
        'a client that does not stream waits')
    })

  testWith(patient, 'a later failure becomes an error in the stream, without [DONE]', async (t, target) => {
    const late = slowly(target)
    for (const [fault, code] of [[{ kind: 'status', status: 429,
      body: '{"error":{"code":"rate_limited","message":"slow down"}}' }, 'rate_limited'], [{ kind: 'html',
      status: 502 }, 'upstream_error']] as const) {
      const { status, text } = await late(fault)
      t.equal(status, 200)
      t.match(readEvents(text).at(-1), { error: { code } })
      t.notMatch(text, /\[DONE\]|Unicorn/)
    }
    t.match(await ask(await target.addUser(), { messages: [] }), { status: 400 }, 'an early failure keeps its status')
  })

  test("one user's large requests do not decide when another user is answered", async t => {
    const [heavy, light] = [await target.addUser(), await target.addUser()]
    const content = 'Some words of a long conversation. '.repeat(30)
    const messages = Array.from({ length: 181 }, (_, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content }))
    const order: string[] = []
    const large = Array.from({ length: 12 }, async () => {
      const { status } = await call(`${heavy.base}/messages`, { json: { model: 'gpt-4o', messages, max_tokens: 16 },
        headers: { authorization: `Bearer ${heavy.password}` } })
      order.push(`large ${status}`)
    })
    const small = ask(light, { stream: false }).then(({ status }) => order.push(`small ${status}`))
    await Promise.all([...large, small])
    t.same(order.filter(each => each === 'large 200').length, 12, 'each of them is answered')
    t.ok(order.indexOf('small 200') < 6, `the small one came after ${order.indexOf('small 200')} large ones`)
  })

  testWith({ HEARTBEAT_SECONDS: '0.1', UPSTREAM_IDLE_SECONDS: '0.5' },
    'a stream that stops ends after UPSTREAM_IDLE_SECONDS, and the upstream call is closed',
    async (t, { addUser, emulator, seen }) => {
      const user = await addUser()
      emulator.fault({ path }, { kind: 'stall-after', events: 3, ms: 30_000 })
      const from = performance.now()
      const { text } = await ask(user)
      t.ok(performance.now() - from < ceiling(2_500))
      t.ok(pings(text) >= 2)
      t.match(readEvents(text).at(-1), { error: { code: 'upstream_timeout', type: 'timeout' } })
      t.notMatch(text, /\[DONE\]/)
      while (seen(path)[0]?.aborted !== true && performance.now() - from < ceiling(5_000)) {
        await new Promise(resolve => setTimeout(resolve, 10))
      }
      t.equal(seen(path)[0]?.aborted, true)
      await t.rejects(async () => {
        emulator.fault({ path }, { kind: 'stall-after', events: 3, ms: 30_000 })
        await openAi(user).chat.completions.stream({ model: 'gpt-4o', messages: says('hi') }).finalChatCompletion()
      }, { message: /stopped sending/ })
    })

  testWith({ UPSTREAM_FIRST_BYTE_SECONDS: '0.4' },
    'no status within UPSTREAM_FIRST_BYTE_SECONDS: 504, streaming or not, and the upstream call is closed',
    async (t, { addUser, emulator, seen }) => {
      const user = await addUser()
      for (const stream of [true, false]) {
        emulator.fault({ path }, { kind: 'hang' })
        const from = performance.now()
        t.match(await ask(user, { stream }), { status: 504,
          json: { error: { code: 'upstream_timeout', type: 'timeout' } } })
        t.ok(performance.now() - from < ceiling(3_000), `${Math.round(performance.now() - from)} ms`)
      }
      t.ok(seen(path).every(({ aborted }) => aborted))
    })

  testWith({ UPSTREAM_FIRST_BYTE_SECONDS: '0.6', HEARTBEAT_SECONDS: '0.2' },
    'after the first heartbeat the same failure is an error in the stream', async (t, { addUser, emulator }) => {
    const user = await addUser()
    emulator.fault({ path }, { kind: 'hang' })
    const { status, text } = await ask(user)
    t.equal(status, 200)
    t.ok(pings(text) >= 1)
    t.match(readEvents(text).at(-1), { error: { code: 'upstream_timeout' } })
  })
}

/** A call whose token must be renewed first, while GitHub takes longer than a heartbeat; then it fails. */
function slowly ({ addUser, emulator, askEach }: Target) {
  return async (fault: Parameters<typeof emulator.fault>[1]) => {
    const user = await addUser()
    // Without a list, the plan would wait for it.
    await askEach(() => call(`${user.base}/models`, { headers: { authorization: `Bearer ${user.password}` } }))
    emulator.expireTokens()
    emulator.fault({ path: '/copilot_internal/v2/token' }, { kind: 'delay', ms: 500 })
    emulator.fault({ path, token: user.seat.tokensIssued[0] ?? '' }, { kind: 'status', status: 401, body: 'expired\n' })
    emulator.fault({ path }, fault)
    return ask(user)
  }
}

/** On a busy machine even an undisturbed stream can be silent for a heartbeat. */
async function isQuietOnce (user: User): Promise<boolean> {
  for (let tried = 0; tried < 5; tried++) if (pings((await ask(user)).text) === 0) return true
  return false
}
