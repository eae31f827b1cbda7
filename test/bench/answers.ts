// The answers of the light upstream: whole answers and streams in each of Copilot's dialects, as bytes, made once. Chat
// chunks are as `docs/spec/copilot.md#chat-stream` has them: no `object`, filter results, usage in the finishing chunk.
export type Path =
  | '/chat/completions'
  | '/responses'
  | '/v1/messages'

/** For each endpoint, the model that is served there and nowhere else. */
export const modelOf: Readonly<Record<Path, string>> = { '/chat/completions': 'gpt-4o', '/responses': 'gpt-5.3-codex',
  '/v1/messages': 'claude-sonnet-4.6' }

const filters = { hate: { filtered: false, severity: 'safe' }, self_harm: { filtered: false, severity: 'safe' },
  sexual: { filtered: false, severity: 'safe' }, violence: { filtered: false, severity: 'safe' } }
const usage = { completion_tokens: 200,
  completion_tokens_details: { accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 }, prompt_tokens: 250,
  prompt_tokens_details: { cached_tokens: 0 }, total_tokens: 450 }

/** One buffer for each event, the last one included. @param count the number of events with text */
export function streamEvents (path: Path, count: number): readonly Buffer[] {
  const texts = Array.from({ length: count }, (_, at) => at % 7 === 6 ? ' word,\n' : ` word${at % 10}`)
  return makers[path](texts).map(event => Buffer.from(event))
}

export function wholeAnswer (path: Path): string {
  const text = 'An answer of some length, as a model would give it. '.repeat(12)
  if (path === '/responses') {
    return JSON.stringify({ ...response('completed'),
      output: [{ type: 'message', id: 'msg_1', status: 'completed', role: 'assistant',
        content: [{ type: 'output_text', text, annotations: [] }] }], usage: responseUsage })
  }
  if (path === '/v1/messages') {
    return JSON.stringify({ ...message(), content: [{ type: 'text', text }], stop_reason: 'end_turn',
      usage: messageUsage(200) })
  }
  return JSON.stringify({
    choices: [{ content_filter_results: filters, finish_reason: 'stop', index: 0,
      message: { content: text, role: 'assistant' } }],
    created: 1_774_700_000,
    id: 'chatcmpl-D1',
    model: 'gpt-4o-2024-11-20',
    prompt_filter_results: [{ content_filter_results: filters, prompt_index: 0 }],
    system_fingerprint: 'fp_1',
    usage,
  })
}

const makers: Readonly<Record<Path, (texts: readonly string[]) => string[]>> = {
  '/chat/completions': chatEvents,
  '/responses': responsesEvents,
  '/v1/messages': messagesEvents,
}

function chatEvents (texts: readonly string[]): string[] {
  const tail = { created: 1_774_700_000, id: 'chatcmpl-D1', model: 'gpt-4o-2024-11-20', system_fingerprint: 'fp_1' }
  const offsets = { check_offset: 100, start_offset: 100, end_offset: 140 }
  const chunk = (choice: object, more: object = {}) =>
    `data: ${
      JSON.stringify({ choices: [{ index: 0, content_filter_offsets: offsets, ...choice }], ...tail, ...more })
    }\n\n`
  return [
    `data: ${
      JSON.stringify({ choices: [], created: 0, id: '',
        prompt_filter_results: [{ content_filter_results: filters, prompt_index: 0 }] })
    }\n\n`,
    chunk({ content_filter_results: filters, delta: { content: '', role: 'assistant' } }),
    ...texts.map((content, at) => chunk({ content_filter_results: at % 10 === 9 ? filters : {}, delta: { content } })),
    chunk({ finish_reason: 'stop', content_filter_results: {}, delta: { content: null } }, { usage }),
    'data: [DONE]\n\n',
  ]
}

const response = (status: string) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1_774_700_000,
  status,
  error: null,
  incomplete_details: null,
  instructions: null,
  model: 'gpt-5.3-codex',
  output: [] as object[],
  parallel_tool_calls: true,
  reasoning: { effort: 'medium', summary: null },
  store: false,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
  usage: null as object | null,
  metadata: {},
})
const responseUsage = { input_tokens: 250, input_tokens_details: { cached_tokens: 0 }, output_tokens: 200,
  output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 450 }

function responsesEvents (texts: readonly string[]): string[] {
  let number = 0
  const event = (type: string, fields: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...fields })}\n\n`
  const text = texts.join('')
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 }
  const part = { type: 'output_text', text, annotations: [], logprobs: [] }
  const item = { id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content: [part] }
  return [event('response.created', { response: response('in_progress') }),
    event('response.in_progress', { response: response('in_progress') }),
    event('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } }),
    event('response.content_part.added', { ...place, part: { ...part, text: '' } }),
    ...texts.map(delta =>
      event('response.output_text.delta', { ...place, delta, logprobs: [], obfuscation: 'aBcDeFgH' })
    ), event('response.output_text.done', { ...place, text, logprobs: [] }),
    event('response.content_part.done', { ...place, part }),
    event('response.output_item.done', { output_index: 0, item }),
    event('response.completed', { response: { ...response('completed'), output: [item], usage: responseUsage } })]
}

const message = () => ({ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-6',
  content: [] as object[], stop_reason: null as string | null, stop_sequence: null })
const messageUsage = (output: number) => ({ input_tokens: 250, cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0, output_tokens: output })

function messagesEvents (texts: readonly string[]): string[] {
  const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
  return [event('message_start', { message: { ...message(), usage: messageUsage(1) } }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }), event('ping', {}),
    ...texts.map(text => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: messageUsage(200) }),
    event('message_stop', {})]
}
