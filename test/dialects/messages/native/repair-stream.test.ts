import t from 'tap'
import { createScanner } from '../../../../src/relay/scan.ts'
import { accumulate, dialect, options, type Json } from '../fixtures.ts'

const event = (type: string, more: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
const start = event('message_start', {
  message: { id: 'm', model: 'c', role: 'assistant', type: 'message', content: [],
    usage: { input_tokens: 5, output_tokens: 1 } },
})
const text = event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })
  + event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'hi' } })
  + event('content_block_stop', { index: 0 })
const ending = event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 },
  copilot_usage: { total_nano_aiu: 4 } })
const over = event('message_stop')
const utf8 = new TextEncoder()

function run (sse: string): { out: string, repair: ReturnType<typeof dialect.createRepair> } {
  const repair = dialect.createRepair(options())
  const scanner = createScanner(repair)
  const out = scanner.push(utf8.encode(sse))
  scanner.assertSound()
  return { repair,
    out: (typeof out === 'string' ? out : new TextDecoder().decode(out ?? new Uint8Array())) + scanner.end() }
}

t.test('a clean stream passes as the same buffer, and its cost is read', t => {
  const repair = dialect.createRepair(options())
  const bytes = utf8.encode(start + event('ping') + text + ending + over)
  t.equal(createScanner(repair).push(bytes), bytes)
  t.ok(repair.isDone())
  t.match(repair.usage(), { input: 5, output: 3, nanoCredits: 4 })
  t.end()
})

t.test('[DONE] is dropped, before and after the end', t => {
  t.equal(run(start + text + ending + over + 'data: [DONE]\n\n').out, start + text + ending + over)
  t.equal(run(start + text + ending + 'data: [DONE]\n\n' + over).out, start + text + ending + over)
  t.end()
})

t.test('a stream that breaks off is a failure, unless it had already given its stop reason', async t => {
  t.throws(() => run(start + text), { code: 'upstream_error' })
  t.throws(() => run(''), { code: 'upstream_error' })
  t.equal((await accumulate(run(start + text + ending).out)).stop_reason, 'end_turn')
})

t.test('an error event ends the stream and keeps its meaning', t => {
  t.throws(() => run(start + event('error', { error: { type: 'overloaded_error', message: 'busy' } })), {
    code: 'upstream_overloaded',
    message: 'busy',
  })
  t.throws(() => run(start + 'event: message_delta\ndata: {"type"\n\n'), { code: 'upstream_error' })
  t.end()
})

t.test('events that SDKs cannot read are repaired: without names, without usage', async t => {
  const bare = (start + text + ending + over).replaceAll(/event: .*\n/g, '')
  t.equal((await accumulate(run(bare).out)).content[0]?.text, 'hi')
  const poor = event('message_start', { message: { id: 'm', role: 'assistant', type: 'message' } }) + text
    + event('message_delta', { delta: { stop_reason: 'end_turn' } }) + over
  t.match(await accumulate(run(poor).out), { stop_reason: 'end_turn', content: [{ text: 'hi' }] })
})

t.test('repairAnswer() passes a message, fills in required fields, and throws for an error', t => {
  const whole = { id: 'm', type: 'message', role: 'assistant', model: 'c', content: [], stop_reason: 'end_turn',
    stop_sequence: null, usage: { input_tokens: 1, output_tokens: 2 } }
  t.equal(dialect.repairAnswer(whole, options() as Json).answer, whole)
  t.match(dialect.repairAnswer(whole, options()).usage, { input: 1, output: 2 })
  t.match(dialect.repairAnswer({ content: [{ type: 'text', text: 'x' }], stop_reason: 'end_turn' }, options()), {
    usage: null,
    answer: { id: /^msg_/, role: 'assistant', content: [{ text: 'x' }], usage: { input_tokens: 1 } },
  })
  t.throws(() => dialect.repairAnswer({ content: [{ type: 'text', text: 'x' }] }, options()), { code: 'upstream_error',
    message: /why it ended/ })
  t.throws(() => run(start + over), { code: 'upstream_error' }, 'a stream that ends without a reason')
  t.throws(() => dialect.repairAnswer({ message: 'prompt is too long: 3 tokens > 2 maximum' }, options()), {
    message: /too long/,
  })
  t.end()
})
