// Turns `say` of a case into Copilot's answer: in the requested dialect, whole or as the events of a stream.
import type { Json } from '../../fixtures/http.ts'
import type { Saying, SayingTool } from './case.ts'
import { toolsOf } from './requests.ts'

export interface Spoken {
  readonly json?: Json
  readonly sse?: readonly Json[]
}
interface Content {
  readonly text: string
  readonly reasoning: string
  readonly calls: ReadonlyArray<{ readonly id: string, readonly name: string, readonly args: Json }>
}

export function speak (saying: Saying, path: string, body: Json): Spoken {
  const tools = [...saying.tool === undefined ? [] : [saying.tool], ...saying.tools ?? []]
  const content = { text: saying.text ?? '', reasoning: saying.reasoning ?? '',
    calls: tools.map((tool, at) => ({ id: `call_${at + 1}`, name: nameOf(tool, body), args: tool.args })) }
  const whole = path === '/chat/completions'
    ? chat(content)
    : path === '/responses'
    ? responses(content)
    : messages(content)
  if (body.stream !== true) return { json: whole }
  return {
    sse: path === '/chat/completions'
      ? chatEvents(content, whole)
      : path === '/responses'
      ? responsesEvents(whole)
      : messagesEvents(whole),
  }
}

function nameOf ({ name, nameOf: at }: SayingTool, body: Json): string {
  return name ?? String(toolsOf(body)[at ?? 0]?.name)
}

const chatHead = { id: 'chatcmpl-1', created: 1_760_000_000, model: 'up' }

function chat ({ text, reasoning, calls }: Content): Json {
  const message = {
    role: 'assistant',
    content: text === '' ? null : text,
    ...reasoning === '' ? {} : { reasoning_text: reasoning },
    ...calls.length === 0 ? {} : {
      tool_calls: calls.map(({ id, name, args }) => ({ id, type: 'function',
        function: { name, arguments: JSON.stringify(args) } })
      ),
    },
  }
  return { ...chatHead, object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } }
}

function chatEvents ({ text, reasoning, calls }: Content, whole: Json): Json[] {
  const chunk = (delta: Json, finish: string | null = null, more: Json = {}): Json => ({ ...chatHead,
    object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }], ...more })
  return [chunk({ role: 'assistant', content: '' }), ...reasoning === '' ? [] : [chunk({ reasoning_text: reasoning })],
    ...halves(text).map(content => chunk({ content })),
    ...calls.flatMap((
      { id, name, args },
      index,
    ) => [chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ...halves(JSON.stringify(args)).map(part => chunk({ tool_calls: [{ index, function: { arguments: part } }] }))]
    ), chunk({}, whole.choices[0].finish_reason, { usage: whole.usage }), '[DONE]']
}

function messages ({ text, reasoning, calls }: Content): Json {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'up',
    content: [...reasoning === '' ? [] : [{ type: 'thinking', thinking: reasoning, signature: 'EqQBCgIYAhIM' }],
      ...text === '' ? [] : [{ type: 'text', text }],
      ...calls.map(({ id, name, args }) => ({ type: 'tool_use', id, name, input: args }))],
    stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 11, output_tokens: 7 },
  }
}

function messagesEvents (whole: Json): Json[] {
  const blocks = (whole.content as Json[]).flatMap((block, index) => {
    const [start, deltas] = messagesBlock(block)
    return [{ type: 'content_block_start', index, content_block: start },
      ...deltas.map(delta => ({ type: 'content_block_delta', index, delta })), { type: 'content_block_stop', index }]
  })
  return [{ type: 'message_start',
    message: { ...whole, content: [], stop_reason: null,
      usage: { input_tokens: whole.usage.input_tokens, output_tokens: 1 } } }, ...blocks, { type: 'message_delta',
    delta: { stop_reason: whole.stop_reason, stop_sequence: null },
    usage: { output_tokens: whole.usage.output_tokens } }, { type: 'message_stop' }]
}

function messagesBlock (block: Json): [start: Json, deltas: Json[]] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: '' }, halves(block.text).map(text => ({ type: 'text_delta', text }))]
    case 'thinking':
      return [{ type: 'thinking', thinking: '', signature: '' }, [
        ...halves(block.thinking).map(thinking => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: block.signature },
      ]]
    default:
      return [{ ...block, input: {} },
        halves(JSON.stringify(block.input)).map(part => ({ type: 'input_json_delta', partial_json: part }))]
  }
}

function responses ({ text, reasoning, calls }: Content): Json {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_760_000_000,
    model: 'up',
    status: 'completed',
    error: null,
    incomplete_details: null,
    output: [
      ...reasoning === ''
        ? []
        : [{ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: reasoning }],
          encrypted_content: 'gAAAAA' }],
      ...text === ''
        ? []
        : [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed',
          content: [{ type: 'output_text', text, annotations: [] }] }],
      ...calls.map(({ id, name, args }) => ({ type: 'function_call', id: `fc_${id}`, call_id: id, name,
        arguments: JSON.stringify(args), status: 'completed' })
      ),
    ],
    usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18, input_tokens_details: { cached_tokens: 0 },
      output_tokens_details: { reasoning_tokens: 0 } },
  }
}

function responsesEvents (whole: Json): Json[] {
  const begun = { ...whole, status: 'in_progress', output: [], usage: null }
  const items = (whole.output as Json[]).flatMap((
    item,
    at,
  ) => [{ type: 'response.output_item.added', output_index: at, item: emptied(item) },
    ...responsesDeltas(item).map(event => ({ ...event, output_index: at, item_id: item.id })), {
    type: 'response.output_item.done',
    output_index: at,
    item,
  }])
  const events = [{ type: 'response.created', response: begun }, { type: 'response.in_progress', response: begun },
    ...items, { type: 'response.completed', response: whole }]
  return events.map((event, at) => ({ ...event, sequence_number: at }))
}

function emptied (item: Json): Json {
  if (item.type === 'message') return { ...item, status: 'in_progress', content: [] }
  return item.type === 'reasoning' ? { ...item, summary: [] } : { ...item, status: 'in_progress', arguments: '' }
}

function responsesDeltas (item: Json): Json[] {
  switch (item.type) {
    case 'message': {
      const [part] = item.content
      return [{ type: 'response.content_part.added', content_index: 0, part: { ...part, text: '' } },
        ...halves(part.text).map(delta => ({ type: 'response.output_text.delta', content_index: 0, delta })), {
        type: 'response.output_text.done',
        content_index: 0,
        text: part.text,
      }, { type: 'response.content_part.done', content_index: 0, part }]
    }
    case 'reasoning': {
      const [part] = item.summary
      return [{ type: 'response.reasoning_summary_part.added', summary_index: 0, part: { ...part, text: '' } },
        ...halves(part.text).map(delta => ({ type: 'response.reasoning_summary_text.delta', summary_index: 0, delta })),
        { type: 'response.reasoning_summary_text.done', summary_index: 0, text: part.text }, {
        type: 'response.reasoning_summary_part.done',
        summary_index: 0,
        part,
      }]
    }
    default:
      return [...halves(item.arguments).map(delta => ({ type: 'response.function_call_arguments.delta', delta })), {
        type: 'response.function_call_arguments.done',
        name: item.name,
        arguments: item.arguments,
      }]
  }
}

/** The text in two pieces, so that a reader of the stream has to join them. */
function halves (text: string): string[] {
  const characters = [...text]
  const middle = Math.ceil(characters.length / 2)
  return [characters.slice(0, middle).join(''), characters.slice(middle).join('')].filter(half => half !== '')
}
