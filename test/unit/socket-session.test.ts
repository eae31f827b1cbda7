// The order of a WebSocket's answers, and the messages that are cut from the stream of an answer.
import fc from 'fast-check'
import t from 'tap'
import { createSession } from '../../src/handlers/socket-session.ts'
import { createEventMessages } from '../../src/relay/event-messages.ts'
import { checkSession, sessionActions } from '../fixtures/session-world.ts'

t.test('whatever happens in whatever order, no event goes to another answer', async t => {
  await t.resolves(fc.assert(fc.asyncProperty(sessionActions, checkSession), { numRuns: 3_000 }))
})

t.test('a connection ends after 59 minutes, and after so many messages, behind an error', async t => {
  for (const how of ['age', 'messages', 'age during an answer'] as const) {
    const frames: string[] = []
    let timer: { readonly work: () => void, readonly ms: number } | null = null
    let finish = () => {}
    const session = createSession({
      peer: { send: frame => frames.push(frame) > 0, ping: null, close: (code, reason) =>
        frames.push(`${code} ${reason}`) },
      clock: { setTimer (work, ms) {
        timer = { work, ms }
        return () => {
          timer = null
        }
      } },
      answer: (_message, turn) =>
        new Promise(resolve => {
          turn.send('first')
          turn.ping()
          finish = () => {
            turn.send('last')
            resolve()
          }
        }),
      refusal: ({ code, status }) => `${status} ${code}`,
      keepAlive: 'alive',
      limitReached: 'limit',
      maxMessages: how === 'messages' ? 1 : Infinity,
      maxWaitingBytes: 100,
    })
    t.equal(timer?.['ms'], 3_540_000)
    const end = ['400 limit', '1000 the connection reached its limit']
    if (how !== 'age') session.receive(new Uint8Array(1), () => {})
    if (how !== 'messages') (timer as unknown as { work: () => void }).work()
    if (how !== 'age') {
      t.strictSame(frames, ['first', 'alive'], 'the answer goes on')
      finish()
      await new Promise(resolve => setImmediate(resolve))
    }
    t.strictSame(frames, how === 'age' ? end : ['first', 'alive', 'last', ...end])
    t.equal(timer, null)
  }
})

t.test('the messages are the same however the stream is cut', async t => {
  const data = fc.string({ unit: fc.constantFrom('a', ' ', ':', 'data', '\\n', '"', 'ö', '🌍', '{', '}') })
  const events = fc.array(fc.record({ data, name: fc.boolean(), comment: fc.boolean() }), { maxLength: 6 })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(events, fc.array(fc.nat({ max: 9 }), { minLength: 1 }), fc.boolean(),
        async (given, cuts, isText) => {
          const wanted = given.map(({ data }) => JSON.stringify({ data }))
          const comments = given.filter(({ comment }) => comment).length
          const text = given.map(({ name, comment }, at) =>
            `${comment ? ': keep-alive\n\n' : ''}${name ? 'event: response.x\n' : ''}data: ${wanted[at]}\n\n`
          ).join('')
          const got: string[] = []
          let pings = 0
          const messages = createEventMessages(message => got.push(message), () => {
            pings++
          })
          const whole: string | Uint8Array = isText ? text : Buffer.from(text)
          for (let at = 0, turn = 0; at < whole.length; turn++) {
            const length = cuts[turn % cuts.length] || whole.length
            messages.push(whole.slice(at, at + length))
            at += length
          }
          t.strictSame([got, pings], [wanted, comments])
        }),
      { numRuns: 500 },
    ),
  )
})

t.test('an event of several megabytes in many pieces costs as much as its length', async t => {
  const got: string[] = []
  const messages = createEventMessages(message => got.push(message), () => {})
  const piece = Buffer.from('x'.repeat(1_000))
  messages.push('data: {"text":"')
  const from = process.cpuUsage()
  for (let at = 0; at < 8_000; at++) messages.push(piece)
  messages.push('"}\n\n')
  t.equal(got[0]?.length, 8_000_000 + '{"text":""}'.length)
  t.ok(process.cpuUsage(from).user < 2_000_000)
})
