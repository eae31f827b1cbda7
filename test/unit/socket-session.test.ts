// The order of a WebSocket's answers, and the messages that are cut from the stream of an answer.
import fc from 'fast-check'
import t from 'tap'
import { createEventMessages } from '../../src/relay/event-messages.ts'
import { checkSession, sessionActions } from '../fixtures/session-world.ts'

t.test('whatever happens in whatever order, no event goes to another answer', async t => {
  await t.resolves(fc.assert(fc.asyncProperty(sessionActions, checkSession), { numRuns: 3_000 }))
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
