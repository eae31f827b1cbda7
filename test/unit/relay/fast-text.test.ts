// The fast path gives what the slow path gives, for streams of Copilot and for hostile ones.
import { deepStrictEqual as deepEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { anthropicMessages } from '../../../src/dialects/messages/index.ts'
import type { Dialect, StreamRepair } from '../../../src/dialects/contract/dialect.ts'
import { createLedger } from '../../../src/dialects/contract/ledger.ts'
import { openAiChat } from '../../../src/dialects/chat/index.ts'
import { openAiResponses } from '../../../src/dialects/responses/index.ts'
import { createToolNames } from '../../../src/dialects/shared/tool-names.ts'
import { createTranslator } from '../../../src/relay/translate.ts'
import { streamEvents } from '../../bench/answers.ts'
import { cut, scan, toBytes } from '../helpers/events.ts'

const facts = { model: 'm', stream: true, includeUsage: false, n: 1, initiator: 'user', vision: false,
  hasTools: false } as const
const fixed = { now: () => 0, newId: () => 'a'.repeat(32) }

function translator (upstream: Dialect, client: Dialect): StreamRepair {
  const body = client.name === 'openai-responses'
    ? { model: 'm', stream: true, input: 'hi', reasoning: { summary: 'auto' },
      include: ['reasoning.encrypted_content'] }
    : { model: 'm', stream: true, max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }
  const prompt = client.decodeRequest(body, createLedger({ strict: false, model: 'm', upstream: upstream.name }))
  return createTranslator({ upstream, client, names: createToolNames(prompt, 64), stops: [], upstreamModel: 'm',
    watch () {}, encode: { prompt, facts, model: 'm', inputEstimate: 1, ...fixed } })
}

/** Without the fast path. */
const slow = ({ plain: _plain, ...repair }: StreamRepair): StreamRepair => repair
const resultOf = (pieces: readonly Uint8Array[], repair: StreamRepair) => {
  const { text, failure } = scan(pieces, repair)
  return { text, failure: failure instanceof Error ? failure.message : failure }
}
/** Events that come at once, one by one, and cut in the middle. */
const sameHowever = (events: readonly string[], make: () => StreamRepair, makeSlow: () => StreamRepair) => {
  const whole = toBytes(events.join(''))
  const wanted = resultOf([whole], makeSlow())
  for (const pieces of [[whole], events.map(toBytes), cut(whole, [170, 31, 250])]) {
    deepEqual(resultOf(pieces, make()), wanted)
  }
}
const same = (events: readonly string[], make: () => StreamRepair) => {
  sameHowever(events, make, () => slow(make()))
}
const sameTranslated = (events: readonly string[], upstream: Dialect, client: Dialect) => {
  same(events, () => translator(upstream, client))
}

const piece = fc.oneof(
  fc.constantFrom('a', '', ' b', 'a"b', '\\', 'é', '漢😀', '\n', '\t', '"}}', '{"delta":{"content":"x"}}', '\\u0041',
    '\u2028'),
  fc.string({ maxLength: 4 }),
)
const chat = (choices: object[], more: object = {}) =>
  `data: ${JSON.stringify({ choices, created: 5, id: 'c1', model: 'm', ...more })}\n\n`
const filters = { hate: { filtered: false, severity: 'safe' } }
const chatEvent = fc.oneof({ weight: 8,
  arbitrary: fc.tuple(piece, fc.boolean()).map(([content, isFiltered]) =>
    chat([{ index: 0, ...isFiltered && { content_filter_results: filters }, delta: { content } }])
  ) }, piece.map(content => chat([{ index: 0, delta: { content: '' } }, { index: 1, delta: { content } }])),
  piece.map(content => chat([{ index: 1, delta: { content } }])),
  fc.tuple(piece, piece).map(([content, opaque]) => chat([{ index: 0, delta: { content, reasoning_opaque: opaque } }])),
  piece.map(content => chat([{ index: 0, delta: { content, reasoning_text: 'hm' } }])),
  piece.map(content =>
    chat([{ index: 0,
      delta: { content,
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '{' } }] } }])
  ),
  piece.map(content =>
    chat([{ index: 0, delta: { content } }], { usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } })
  ), piece.map(content => chat([{ index: 0, delta: { content }, finish_reason: 'stop' }])),
  fc.constantFrom(': comment\n\n',
    'data: {"choices":[{"index":0,"delta":{"content":"ab\n\ncd"}}],"created":5,"id":"c1","model":"m"}\n\n',
    'data: {"choices":[{"index":0,"delta":{"content":"\\q"}}],"created":5,"id":"c1","model":"m"}\n\n',
    'data: {"choices":[{"index":0,"delta":{"content":"a\tb"}}],"created":5,"id":"c1","model":"m"}\n\n'))
const chatStream = fc.array(chatEvent, { maxLength: 14 }).map(
  events => [...events, chat([{ index: 0, delta: {}, finish_reason: 'stop' }]), 'data: [DONE]\n\n']
)

const named = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
const delta = (index: number, delta: object) => named('content_block_delta', { index, delta })
const messagesEvent = fc.oneof({ weight: 6,
  arbitrary: fc.tuple(piece, fc.constantFrom(0, 0, 0, 1)).map(([text, index]) =>
    delta(index, { type: 'text_delta', text })
  ) }, piece.map(partial => delta(1, { type: 'input_json_delta', partial_json: partial })),
  fc.constantFrom(named('ping', {}), named('content_block_stop', { index: 0 }),
    named('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    named('content_block_start', { index: 1, content_block: { type: 'tool_use', id: 't', name: 'f', input: {} } })))
const messagesStream = fc.array(messagesEvent, { maxLength: 14 }).map(events => [named('message_start', {
  message: { id: 'm1', type: 'message', role: 'assistant', model: 'm', content: [],
    usage: { input_tokens: 1, output_tokens: 1 } },
}), named('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }), ...events,
  named('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }),
  named('message_stop', {})]
)

const item = (at: number, item: object) => named('response.output_item.added', { output_index: at, item })
/** As Copilot sends it, or as OpenAI does: keys by the alphabet, or with the type in front. */
const textDelta = (
  at: number,
  content: number,
  delta: string,
  [id, padding, number, more, isSorted]: readonly [string, string, number, object, boolean],
) => {
  const type = 'response.output_text.delta'
  const fields = { content_index: content, delta, item_id: id, logprobs: [], obfuscation: padding, output_index: at,
    sequence_number: number, ...more }
  return isSorted ? `event: ${type}\ndata: ${JSON.stringify({ ...fields, type })}\n\n` : named(type, fields)
}
const around = fc.tuple(piece, piece, fc.nat(),
  fc.constantFrom({}, {}, {}, {}, { copilot_annotations: { item_id: 'y' } }, { logprobs: [{ token: 'a', logprob: 0 }] },
    { note: { delta: 'z' } }), fc.boolean())
const responsesEvent = fc.oneof({ weight: 6,
  arbitrary: fc.tuple(piece, fc.constantFrom(0, 0, 0, 2), fc.constantFrom(0, 0, 1), around).map((
    [text, at, content, more],
  ) => textDelta(at, content, text, more)) },
  piece.map(text =>
    textDelta(0, 0, text, ['x', 'p', 7, {}, true]).replace(/"sequence_number":7/, '"sequence_number": 8')
  ), piece.map(text => named('response.refusal.delta', { output_index: 0, content_index: 2, delta: text })),
  piece.map(text => named('response.reasoning_summary_text.delta', { output_index: 1, summary_index: 0, delta: text })),
  fc.constantFrom(item(1, { type: 'reasoning', summary: [] }), item(2, { type: 'message', content: [] }),
    item(3, { type: 'function_call', call_id: 'c', name: 'f', arguments: '' }), named('response.in_progress', {}),
    named('response.content_part.done', { output_index: 0, content_index: 0,
      part: { type: 'output_text', text: '', annotations: [] } }),
    named('response.output_item.done', { output_index: 0, item: { type: 'message', content: [] } }),
    named('response.output_text.annotation.added', { output_index: 0, content_index: 0,
      annotation: { type: 'url_citation', url: 'https://a.test', title: 'A', start_index: 0, end_index: 1 } })))
const responsesStream = fc.array(responsesEvent, { maxLength: 14 }).map(
  events => [named('response.created', { response: { id: 'r1', model: 'm', created_at: 5 } }),
    item(0, { type: 'message', content: [] }), ...events, named('response.completed', {
      response: { id: 'r1', model: 'm', status: 'completed', output: [], usage: { input_tokens: 1, output_tokens: 2 } },
    })]
)

t.test('a Chat stream is translated alike on both paths', async () => {
  for (const client of [anthropicMessages, openAiResponses]) {
    fc.assert(fc.property(chatStream, events => {
      sameTranslated(events, openAiChat, client)
    }), { numRuns: 300 })
  }
})

t.test('a Messages stream is translated alike on both paths', async () => {
  for (const client of [openAiChat, openAiResponses]) {
    fc.assert(fc.property(messagesStream, events => {
      sameTranslated(events, anthropicMessages, client)
    }), { numRuns: 300 })
  }
})

t.test('a Responses stream is translated alike on both paths', async () => {
  for (const client of [openAiChat, anthropicMessages]) {
    fc.assert(fc.property(responsesStream, events => {
      sameTranslated(events, openAiResponses, client)
    }), { numRuns: 300 })
  }
})

t.test('a Responses stream is repaired alike on both paths', async () => {
  fc.assert(fc.property(responsesStream, events => {
    same(events, () => openAiResponses.createRepair({ facts, model: 'm', ...fixed }))
  }), { numRuns: 300 })
})

t.test('a Chat stream is repaired alike on both paths', async () => {
  fc.assert(fc.property(chatStream, events => {
    same(events, () => openAiChat.createRepair({ facts, model: 'm', ...fixed }))
  }), { numRuns: 300 })
})

t.test('a Messages stream passes alike on both paths', async () => {
  fc.assert(fc.property(messagesStream, events => {
    same(events, () => anthropicMessages.createRepair({ facts, model: 'm', ...fixed }))
  }), { numRuns: 300 })
})

const dialects = [openAiChat, openAiResponses, anthropicMessages]

t.test('of a stream that comes event by event, as Copilot sends it, nearly no event takes the slow path', async t => {
  for (const upstream of dialects) {
    for (const client of dialects) {
      const repair = upstream === client
        ? client.createRepair({ facts, model: 'm', ...fixed })
        : translator(upstream, client)
      let count = 0
      const { failure } = scan(streamEvents(upstream === anthropicMessages ? '/v1/messages' : upstream.path, 200), {
        ...repair,
        event (data, name) {
          count++
          return repair.event(data, name)
        },
      })
      t.equal(failure, null)
      t.ok(count < 12, `${count} from ${upstream.name} to ${client.name}`)
    }
  }
})

t.test('a piece of text that is no string of JSON ends a translated stream, alone or not', async t => {
  const events = [chat([{ index: 0, delta: { content: 'a' } }]), chat([{ index: 0, delta: { content: 'b' } }]),
    chat([{ index: 0, delta: { content: 'c' } }]).replace('"c"', '"\\q"')]
  for (const pieces of [events.map(toBytes), [toBytes(events.join(''))]]) {
    const { text, failure } = scan(pieces, translator(openAiChat, anthropicMessages))
    t.match(failure, { code: 'upstream_error' })
    t.match(text, '"text":"b"', 'the events before are sent')
  }
})

t.test('an event of several lines of data teaches nothing: one that looks alike is another', async () => {
  const lines = 'data: {"choices":[{"index":0,"delta":{"content":"b"}}]\ndata: ,"created":5,"id":"c1","model":"m"}\n\n'
  for (const alike of [lines.replace('"b"', '"c"').replace('\ndata: ', '\n'), `${lines.replace('"b"', '"c"')}\n`,
    lines.replace('"b"', '"x\\\ny"')]) {
    sameTranslated([chat([{ index: 0, delta: { content: 'a' } }]), lines, alike, 'data: [DONE]\n\n'], openAiChat,
      anthropicMessages)
  }
})

t.test('an id that is written with an escape is the id that it means', async () => {
  const chunk = (id: string, created: number) =>
    `data: {"choices":[{"index":0,"delta":{"content":"a"}}],"created":${created},"id":${id},"model":"m"}\n\n`
  const others = Array.from({ length: 8 }, () => chunk('"c2"', 6))
  const events = [chunk('"c1"', 5), ...others, chunk('"\\u00631"', 6), ...others]
  const make = () => openAiChat.createRepair({ facts, model: 'm', ...fixed })
  same([...events, chat([{ index: 0, delta: {}, finish_reason: 'stop' }]), 'data: [DONE]\n\n'], make)
})
