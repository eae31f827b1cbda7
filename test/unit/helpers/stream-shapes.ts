// Streams of each dialect in the forms that backends and proxies send: keys in different orders, values that change,
// fields that only some of them send.

export type Kind =
  | 'text'
  | 'reasoning'
  | 'refusal'
  | 'arguments'
  | 'input'
/** Pieces of one block. */
export interface Segment {
  readonly kind: Kind
  readonly pieces: readonly string[]
}

export interface Style {
  readonly order:
    | 'vendor'
    | 'alphabetical'
  /** Escapes of characters, as some writers of JSON have them. */
  readonly escapes: boolean
  /** A new id in each event. */
  readonly newIds: boolean
  readonly padding: boolean
  readonly logprobs: boolean
  // Chat only.
  readonly object: boolean
  readonly offsets: boolean
  readonly usage: boolean
  readonly role: boolean
  readonly name: boolean
  readonly reasoningField: 'reasoning_text' | 'reasoning_content' | 'reasoning'
}

export const usualStyle: Style = { order: 'vendor', escapes: false, newIds: false, padding: false, logprobs: false,
  object: true, offsets: false, usage: false, role: false, name: false, reasoningField: 'reasoning_text' }

/** All strings that may follow one another in a call's arguments. */
export function inArguments (pieces: readonly string[]): string[] {
  return ['{"a":"', ...pieces.map(piece => JSON.stringify(piece).slice(1, -1)), '"}']
}

function write (value: object, { order, escapes }: Style): string {
  const json = JSON.stringify(order === 'alphabetical' ? sorted(value) : value)
  return escapes ? json.replaceAll('/', '\\/').replaceAll(/[<>é]/g, char => `\\u${code(char)}`) : json
}

function code (char: string): string {
  return char.charCodeAt(0).toString(16).padStart(4, '0')
}

function sorted (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => [key, sorted(inner)]),
  )
}

const paddingOf = (nth: number, { padding }: Style) => padding ? { obfuscation: 'x'.repeat(nth % 7) } : {}
const idOf = (prefix: string, nth: number, { newIds }: Style) => newIds ? `${prefix}${nth}` : prefix

export function chatEvents (segments: readonly Segment[], style: Style): string[] {
  let nth = 0
  const chunk = (choice: object, delta: object, more: object = {}): string => {
    nth++
    const fields = {
      id: idOf('chatcmpl-1', nth, style),
      ...style.object && { object: 'chat.completion.chunk' },
      created: 1_700_000_000,
      model: 'm',
      choices: [{
        index: 0,
        delta: { ...style.role && { role: 'assistant' }, ...delta },
        ...style.offsets
          && { content_filter_offsets: { check_offset: nth * 5, start_offset: 100, end_offset: nth * 9 } },
        finish_reason: null,
        ...choice,
      }],
      ...style.usage && {
        usage: { prompt_tokens: 10, completion_tokens: nth, total_tokens: 10 + nth,
          completion_tokens_details: { reasoning_tokens: nth % 3 } },
      },
      ...paddingOf(nth, style),
      ...more,
    }
    return `${style.name ? 'event: message\n' : ''}data: ${write(fields, style)}\n\n`
  }
  let calls = 0
  const events = segments.flatMap(({ kind, pieces }) => {
    switch (kind) {
      case 'text':
        return pieces.map(content => chunk(style.logprobs ? { logprobs: logprobsOf(content, nth) } : {}, { content }))
      case 'reasoning':
        return pieces.map(piece => chunk({}, { [style.reasoningField]: piece }))
      case 'refusal':
        return pieces.map(refusal => chunk({}, { refusal }))
      default: {
        const index = calls++
        const [inner, field] = kind === 'input' ? ['custom', 'input'] : ['function', 'arguments']
        return [
          chunk({}, { tool_calls: [{ index, id: `call_${index}`, type: inner, [inner]: { name: 'f', [field]: '' } }] }),
          ...(kind === 'input' ? pieces : inArguments(pieces)).map(piece =>
            chunk({}, { tool_calls: [{ index, [inner]: { [field]: piece } }] })
          ),
        ]
      }
    }
  })
  return [chunk({}, { role: 'assistant', content: '' }), ...events,
    chunk({ finish_reason: calls > 0 ? 'tool_calls' : 'stop' }, {}, {
      usage: { prompt_tokens: 10, completion_tokens: 99, total_tokens: 109 },
    }), 'data: [DONE]\n\n']
}

function logprobsOf (token: string, nth: number): object {
  return { content: [{ token, logprob: -0.125 / (nth + 1), bytes: [...Buffer.from(token)], top_logprobs: [] }],
    refusal: null }
}

export function messagesEvents (segments: readonly Segment[], style: Style): string[] {
  const event = (type: string, fields: object) => `event: ${type}\ndata: ${write({ type, ...fields }, style)}\n\n`
  let nth = 0
  const blocks = segments.flatMap(({ kind, pieces }, index) => {
    const delta = (delta: object) =>
      event('content_block_delta', { index, delta, ...style.padding && { p: 'x'.repeat(nth++ % 7) } })
    const block = (
      content_block: object,
      deltas: readonly object[],
    ) => [event('content_block_start', { index, content_block }), ...deltas.map(delta),
      event('content_block_stop', { index })]
    switch (kind) {
      case 'text':
      case 'refusal':
        return block({ type: 'text', text: '' }, pieces.map(text => ({ type: 'text_delta', text })))
      case 'reasoning':
        return block({ type: 'thinking', thinking: '', signature: '' }, [
          ...pieces.map(thinking => ({ type: 'thinking_delta', thinking })),
          { type: 'signature_delta', signature: 'c2ln' },
        ])
      default:
        return block({ type: 'tool_use', id: `toolu_${index}`, name: 'f', input: {} },
          inArguments(pieces).map(json => ({ type: 'input_json_delta', partial_json: json })))
    }
  })
  return [event('message_start', {
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [],
      usage: { input_tokens: 3, output_tokens: 1 } },
  }), event('ping', {}), ...blocks,
    event('message_delta', { delta: { stop_reason: segments.some(isCall) ? 'tool_use' : 'end_turn' },
      usage: { output_tokens: 9 } }), event('message_stop', {})]
}

function isCall ({ kind }: Segment): boolean {
  return kind === 'arguments' || kind === 'input'
}

export function responsesEvents (segments: readonly Segment[], style: Style): string[] {
  let nth = 0
  const event = (name: string, fields: object) => {
    const type = `response.${name}`
    return `event: ${type}\ndata: ${write({ type, sequence_number: nth++, ...fields }, style)}\n\n`
  }
  const at = (output_index: number, prefix: string) => ({ output_index,
    item_id: idOf(`${prefix}${output_index}`, nth, style) })
  const output: object[] = []
  const response = { id: 'resp_1', object: 'response', created_at: 5, model: 'm', status: 'in_progress', output: [] }
  const begun = [event('created', { response }), event('in_progress', { response })]
  const items = segments.flatMap(({ kind, pieces }, index) => {
    const deltas = (name: string, texts: readonly string[], more: object) =>
      texts.map(delta => event(`${name}.delta`, { ...at(index, 'item_'), ...more, delta, ...paddingOf(nth, style) }))
    const whole = pieces.join('')
    const item = (added: object, done: object, inside: () => string[]) => {
      const id = `item_${index}`
      const before = event('output_item.added', { output_index: index, item: { id, ...added } })
      const middle = inside()
      output.push({ id, ...added, ...done })
      return [before, ...middle, event('output_item.done', { output_index: index, item: { id, ...added, ...done } })]
    }
    switch (kind) {
      case 'text':
      case 'refusal': {
        const [name, field] = kind === 'text' ? ['output_text', 'text'] : ['refusal', 'refusal']
        const part = { type: name, [field]: '', ...kind === 'text' && { annotations: [], logprobs: [] } }
        return item({ type: 'message', role: 'assistant', status: 'in_progress', content: [] }, {
          status: 'completed',
          content: [{ ...part, [field]: whole }],
        },
          () => [event('content_part.added', { ...at(index, 'item_'), content_index: 0, part }),
            ...deltas(name, pieces, { content_index: 0, ...kind === 'text' && { logprobs: [] } }),
            event(`${name}.done`, { ...at(index, 'item_'), content_index: 0, [field]: whole,
              ...kind === 'text' && { logprobs: [] } }),
            event('content_part.done', { ...at(index, 'item_'), content_index: 0, part: { ...part, [field]: whole } })])
      }
      case 'reasoning': {
        const part = { type: 'summary_text', text: '' }
        return item({ type: 'reasoning', summary: [] }, { summary: [{ ...part, text: whole }], encrypted_content: 'e' },
          () => [event('reasoning_summary_part.added', { ...at(index, 'item_'), summary_index: 0, part }),
            ...deltas('reasoning_summary_text', pieces, { summary_index: 0 }),
            event('reasoning_summary_text.done', { ...at(index, 'item_'), summary_index: 0, text: whole }),
            event('reasoning_summary_part.done', { ...at(index, 'item_'), summary_index: 0,
              part: { ...part, text: whole } })])
      }
      default: {
        const [type, name, field] = kind === 'input'
          ? ['custom_tool_call', 'custom_tool_call_input', 'input']
          : ['function_call', 'function_call_arguments', 'arguments']
        const texts = kind === 'input' ? pieces : inArguments(pieces)
        return item({ type, call_id: `call_${index}`, name: 'f', status: 'in_progress', [field]: '' }, {
          status: 'completed',
          [field]: texts.join(''),
        },
          () => [...deltas(name, texts, {}), event(`${name}.done`, { ...at(index, 'item_'), [field]: texts.join('') })])
      }
    }
  })
  return [...begun, ...items, event('completed', {
    response: { ...response, status: 'completed', output,
      usage: { input_tokens: 3, output_tokens: 9, total_tokens: 12 } },
  })]
}
