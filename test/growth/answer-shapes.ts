// Answers of any size as upstream streams them, in each dialect: many tiny events, blocks, calls and citations.
import type { DialectName } from '../../src/dialects/contract/dialect.ts'

export interface AnswerShape {
  readonly name: string
  readonly upstream: DialectName
  /** The events for `n` of the repeated parts, each with its blank line. */
  readonly events: (n: number) => string[]
  readonly n?: number
  /** The client's tools: `custom` takes free text. */
  readonly custom?: true
  /** Clients that accept no such answer and get an error: the SDKs of Chat have at most 128 calls. */
  readonly except?: DialectName
}

const many = <T>(n: number, make: (nth: number) => T): T[] => Array.from({ length: n }, (_, nth) => make(nth))
const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`
const event = (value: { type: string } & Record<string, unknown>) =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`

const chunk = (delta: object, finish: string | null = null) =>
  data({ choices: [{ index: 0, delta, finish_reason: finish }], created: 1, id: 'chatcmpl-1', model: 'up' })
const chat = (
  middle: string[],
  finish = 'stop',
) => [chunk({ role: 'assistant', content: '' }), ...middle, chunk({}, finish), 'data: [DONE]\n\n']
const chatCall = (nth: number) =>
  chunk({ tool_calls: [{ index: nth, id: `call_${nth}`, type: 'function', function: { name: 'f', arguments: '{}' } }] })

const chatShapes: readonly Omit<AnswerShape, 'upstream'>[] = [{ name: 'pieces of text',
  events: n => chat(many(n, () => chunk({ content: 'ab' }))) }, { name: 'text and reasoning in turn',
  events: n => chat(many(n, nth => chunk(nth % 2 === 0 ? { content: 'ab' } : { reasoning_text: 'r' }))) }, {
  name: 'pieces of state, with text between',
  events: n => chat(many(n, nth => chunk(nth % 2 === 0 ? { content: 'ab' } : { reasoning_opaque: 'x'.repeat(40) }))),
  n: 4_000,
}, { name: 'text with citations between', n: 4_000,
  events: n =>
    chat(
      many(n, nth =>
        chunk({ content: 'ab ',
          annotations: [{ type: 'url_citation',
            url_citation: { url: 'https://a.example', title: 't', start_index: 0, end_index: nth } }] })),
    ) }, { name: 'calls', except: 'openai-chat', events: n => chat(many(n, chatCall), 'tool_calls') }, {
  name: 'pieces of one call',
  events: n =>
    chat([chunk({
      tool_calls: [{ index: 0, id: 'call_0', type: 'function', function: { name: 'f', arguments: '{"input":"' } }],
    }), ...many(n, () => chunk({ tool_calls: [{ index: 0, function: { arguments: 'ab' } }] })),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '"}' } }] })], 'tool_calls'),
}]

const messages = (
  middle: string[],
  reason = 'end_turn',
) => [
  event({ type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'up', content: [], stop_reason: null,
      stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } } }),
  ...middle,
  event({ type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 1 } }),
  event({ type: 'message_stop' }),
]
const start = (index: number, block: object) => event({ type: 'content_block_start', index, content_block: block })
const more = (index: number, delta: object) => event({ type: 'content_block_delta', index, delta })
const stop = (index: number) => event({ type: 'content_block_stop', index })
const textBlock = (
  index: number,
) => [start(index, { type: 'text', text: '' }), more(index, { type: 'text_delta', text: 'ab' }), stop(index)]
const toolBlock = (
  index: number,
) => [start(index, { type: 'tool_use', id: `toolu_${index}`, name: 'f', input: {} }),
  more(index, { type: 'input_json_delta', partial_json: '{}' }), stop(index)]

const messagesShapes: readonly Omit<AnswerShape, 'upstream'>[] = [{ name: 'pieces of text',
  events: n =>
    messages([start(0, { type: 'text', text: '' }), ...many(n, () => more(0, { type: 'text_delta', text: 'ab' })),
      stop(0)]) }, { name: 'blocks of text', events: n => messages(many(n, textBlock).flat()), n: 3_000 }, {
  name: 'blocks that begin before others end',
  events: n =>
    messages([...many(n, nth => start(nth, { type: 'text', text: '' })), ...many(n, nth =>
      more(nth, { type: 'text_delta', text: 'a' })), ...many(n, stop)]),
  n: 3_000,
}, {
  name: 'thoughts with their state',
  n: 2_000,
  events: n =>
    messages(
      many(n,
        nth => [start(nth, { type: 'thinking', thinking: '', signature: '' }),
          more(nth, { type: 'thinking_delta', thinking: 't' }),
          more(nth, { type: 'signature_delta', signature: 's'.repeat(40) }), stop(nth)]).flat(),
    ),
}, { name: 'calls', except: 'openai-chat', events: n => messages(many(n, toolBlock).flat(), 'tool_use'), n: 3_000 }, {
  name: 'pieces of one call of free text',
  custom: true,
  events: n =>
    messages([start(0, { type: 'tool_use', id: 'toolu_0', name: 'f', input: {} }),
      more(0, { type: 'input_json_delta', partial_json: '{"input":"' }), ...many(n, () =>
        more(0, { type: 'input_json_delta', partial_json: 'ab' })),
      more(0, { type: 'input_json_delta', partial_json: '"}' }), stop(0)], 'tool_use'),
}, {
  name: 'citations of one text',
  n: 3_000,
  events: n =>
    messages([start(0, { type: 'text', text: '' }),
      ...many(n,
        () => [more(0, { type: 'text_delta', text: 'ab ' }),
          more(0, { type: 'citations_delta',
            citation: { type: 'web_search_result_location', url: 'https://a.example', title: 't',
              cited_text: 'zz' } })]).flat(), stop(0)]),
}]

const responses = (
  middle: string[],
  output: object[] = [],
) => [
  event({ type: 'response.created', sequence_number: 0,
    response: { id: 'resp_1', object: 'response', created_at: 1, model: 'up', status: 'in_progress', output: [] } }),
  ...middle,
  event({ type: 'response.completed', sequence_number: 1,
    response: { id: 'resp_1', object: 'response', created_at: 1, model: 'up', status: 'completed', output,
      usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } } }),
]
const message = (at: number) =>
  event({ type: 'response.output_item.added', output_index: at,
    item: { id: `msg_${at}`, type: 'message', role: 'assistant', status: 'in_progress', content: [] } })
const piece = (at: number, text: string) =>
  event({ type: 'response.output_text.delta', item_id: `msg_${at}`, output_index: at, content_index: 0, delta: text,
    sequence_number: 3 })
const call = (at: number) => ({ id: `fc_${at}`, type: 'function_call', call_id: `call_${at}`, name: 'f',
  arguments: '{}', status: 'completed' })

const responsesShapes: readonly Omit<AnswerShape, 'upstream'>[] = [{ name: 'pieces of text',
  events: n => responses([message(0), ...many(n, () => piece(0, 'ab'))]) }, { name: 'messages', n: 2_000,
  events: n =>
    responses(
      many(n,
        nth => [message(nth), piece(nth, 'ab'),
          event({ type: 'response.output_text.done', output_index: nth, content_index: 0, text: 'ab' })]).flat(),
    ) }, {
  name: 'calls',
  n: 2_000,
  except: 'openai-chat',
  events: n =>
    responses(
      many(n,
        nth => [event({ type: 'response.output_item.added', output_index: nth, item: { ...call(nth), arguments: '' } }),
          event({ type: 'response.output_item.done', output_index: nth, item: call(nth) })]).flat(),
    ),
}, {
  name: 'pieces of one call',
  events: n =>
    responses([event({ type: 'response.output_item.added', output_index: 0, item: { ...call(0), arguments: '' } }),
      ...many(n, nth =>
        event({ type: 'response.function_call_arguments.delta', output_index: 0,
          delta: nth === 0 ? '{"a": "' : 'ab' })),
      event({ type: 'response.function_call_arguments.delta', output_index: 0, delta: '"}' })]),
}, {
  name: 'searches that name no page, and their citations',
  n: 2_000,
  events: n =>
    responses([
      ...many(n,
        nth => [
          event({ type: 'response.output_item.added', output_index: nth,
            item: { type: 'web_search_call', id: 'ws', status: 'in_progress' } }),
          event({ type: 'response.output_item.done', output_index: nth,
            item: { type: 'web_search_call', id: 'ws', status: 'completed', action: { type: 'search', query: 'q' } } }),
        ]).flat(),
      message(n),
      ...many(n,
        nth => [piece(n, 'So it is. ([a](https://a.example))'),
          event({ type: 'response.output_text.annotation.added', output_index: n, content_index: 0,
            annotation_index: nth,
            annotation: { type: 'url_citation', start_index: nth * 34 + 10, end_index: nth * 34 + 34, title: 't',
              url: `https://a.example/${nth}?utm_source=openai` } })]).flat(),
    ]),
}, { name: 'text whose end is sent again and again', n: 4_000,
  events: n =>
    responses([message(0),
      ...many(n,
        () => [piece(0, 'ab'),
          event({ type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'x' })]).flat()]) }, {
  name: 'citations between pieces of text',
  n: 3_000,
  events: n =>
    responses([message(0),
      ...many(n,
        nth => [piece(0, 'ab '),
          event({ type: 'response.output_text.annotation.added', output_index: 0, content_index: 0,
            annotation_index: nth,
            annotation: { type: 'url_citation', url: 'https://a.example', title: 't', start_index: 0,
              end_index: nth + 1 } })]).flat()]),
}, { name: 'parts of one message, sent whole', n: 4_000,
  events: n =>
    responses([], [{ id: 'msg_0', type: 'message', role: 'assistant', status: 'completed',
      content: many(n, () => ({ type: 'output_text', text: 'ab', annotations: [] })) }]) }]

export const answerShapes: readonly AnswerShape[] = [
  ...chatShapes.map(shape => ({ ...shape, upstream: 'openai-chat' as const })),
  ...messagesShapes.map(shape => ({ ...shape, upstream: 'anthropic-messages' as const })),
  ...responsesShapes.map(shape => ({ ...shape, upstream: 'openai-responses' as const })),
]
