// Requests of any size, in each dialect: many turns, blocks, tools and calls, deep and wide schemas, long runs of one
// character. Bodies are text, because a shape may be larger than a test wants to keep as objects. The growth tests and
// the soak use them.
import type { DialectName } from '../../src/dialects/contract/dialect.ts'
import { packCarrier } from '../../src/dialects/shared/carrier.ts'

export interface RequestShape {
  readonly name: string
  readonly client: DialectName
  /** A body with `n` of the repeated parts. */
  readonly body: (n: number) => string
  /** Set if the growth test needs more, or fewer, than usual. */
  readonly n?: number
}

const times = (n: number, make: (nth: number) => string): string =>
  Array.from({ length: n }, (_, nth) => make(nth)).join(',')
const carrier = packCarrier({ kind: 'r', item: { type: 'reasoning', summary: [], encrypted_content: 'x'.repeat(40) },
  model: 'gpt-5.1' })
const deep = (levels: number): string =>
  '{"type":"object","properties":{"a":'.repeat(levels) + '{"type":"string"}' + '}}'.repeat(levels)
const wide = (n: number): string => `{"type":"object","properties":{${times(n, nth => `"p${nth}":{"type":"string"}`)}}}`

const chat = (messages: string, more = ''): string => `{"model":"asked","messages":[${messages}]${more}}`
const hi = '{"role":"user","content":"hi"}'
const chatTool = (name: string, schema = '{"type":"object","properties":{}}') =>
  `{"type":"function","function":{"name":"${name}","parameters":${schema}}}`
const chatCall = (id: string) => `{"id":"${id}","type":"function","function":{"name":"f","arguments":"{}"}}`
const chatResult = (id: string) => `{"role":"tool","tool_call_id":"${id}","content":"r"}`

const chatShapes: readonly Omit<RequestShape, 'client'>[] = [{ name: 'user turns',
  body: n => chat(times(n, () => '{"role":"user","content":"a"}')) }, { name: 'turns that alternate',
  body: n => chat(times(n, () => '{"role":"user","content":"a"},{"role":"assistant","content":"b"}') + ',' + hi) }, {
  name: 'assistant turns in a row',
  body: n => chat(`${hi},${times(n, () => '{"role":"assistant","content":"b"}')},${hi}`),
}, { name: 'leading system messages', body: n => chat(`${times(n, () => '{"role":"system","content":"s"}')},${hi}`) }, {
  name: 'system messages after a turn',
  body: n => chat(`${hi},${times(n, () => '{"role":"developer","content":"s"}')}`),
}, { name: 'system messages between turns',
  body: n => chat(times(n, () => '{"role":"user","content":"a"},{"role":"system","content":"s"}')) }, {
  name: 'parts of one message',
  body: n => chat(`{"role":"user","content":[${times(n, () => '{"type":"text","text":"a"}')}]}`),
}, { name: 'parts of one system message',
  body: n => chat(`{"role":"system","content":[${times(n, () => '{"type":"text","text":"a"}')}]},${hi}`) }, {
  name: 'pictures',
  body: n =>
    chat(
      `{"role":"user","content":[${
        times(n, () => '{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}')
      }]}`,
    ),
}, { name: 'calls of one turn, and their results',
  body: n =>
    chat(
      `${hi},{"role":"assistant","tool_calls":[${times(n, nth => chatCall(`c${nth}`))}]},${
        times(n, nth => chatResult(`c${nth}`))
      }`,
    ) }, { name: 'calls turn by turn',
  body: n =>
    chat(
      `${hi},${times(n, nth => `{"role":"assistant","tool_calls":[${chatCall(`c${nth}`)}]},${chatResult(`c${nth}`)}`)}`,
    ) }, { name: 'calls of one id',
  body: n =>
    chat(`${hi},${times(n, () => `{"role":"assistant","tool_calls":[${chatCall('c')}]},${chatResult('c')}`)}`) }, {
  name: 'calls without results',
  body: n => chat(`${hi},{"role":"assistant","tool_calls":[${times(n, nth => chatCall(`c${nth}`))}]},${hi}`),
}, { name: 'tools', body: n => chat(hi, `,"tools":[${times(n, nth => chatTool(`f${nth}`))}]`) }, {
  name: 'tools of one name',
  body: n => chat(hi, `,"tools":[${times(n, () => chatTool('f'))}]`),
}, {
  name: 'tools allowed one by one',
  n: 4_000,
  body: n =>
    chat(hi, `,"tools":[${
      times(n, nth => chatTool(`f${nth}`))
    }],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[${
      times(n, nth => `{"type":"function","function":{"name":"f${n - nth}"}}`)
    }]}}`),
}, { name: 'deep schemas', n: 200,
  body: n => chat(hi, `,"tools":[${times(n, nth => chatTool(`f${nth}`, deep(50)))}]`) }, { name: 'a wide schema',
  n: 2_400, body: n => chat(hi, `,"tools":[${chatTool('f', wide(n))}]`) }, {
  name: 'branches of one definition',
  n: 2_000,
  body: n =>
    chat(hi, `,"tools":[${
      chatTool('f',
        `{"anyOf":[${times(n, () => '{"$ref":"#/$defs/d"}')}],"$defs":{"d":{"type":"object","properties":{${
          times(n, nth => `"p${nth}":{}`)
        }},"required":[${
          times(n, nth => `"p${nth}"`)
        }]}}}`)
    }]`),
}, { name: 'a long call id that repeats', n: 2_000,
  body: n => chat(times(n, () => `{"role":"assistant","tool_calls":[${chatCall('c'.repeat(64))}]}`)) }, {
  name: 'a run of one letter',
  n: 200_000,
  body: n => chat(`{"role":"user","content":"${'a'.repeat(n)}"}`),
}, { name: 'a run of spaces', n: 200_000,
  body: n =>
    chat(`{"role":"user","content":"a${' '.repeat(n)}b"},{"role":"assistant","content":"a${' '.repeat(n)}"},${hi}`) }, {
  name: 'state of reasoning in pieces',
  body: n =>
    chat(`${hi},{"role":"assistant","content":"b","reasoning_opaque":"${Array(n).fill(carrier).join('~')}"},${hi}`),
  n: 2_000,
}, {
  name: 'arguments whose names have one length',
  n: 200,
  body: n =>
    chat(
      `${hi},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":${
        JSON.stringify(`{"€":1,${times(n, nth => `"${'n'.repeat(16_390)}${String(nth).padStart(4, '0')}":0`)}}`)
      }}}]},{"role":"tool","tool_call_id":"c","content":"r"}`,
    ),
}, { name: 'stop sequences', n: 2_000, body: n => chat(hi, `,"stop":[${times(n, nth => `"s${nth}"`)}]`) }]

const responses = (input: string, more = ''): string => `{"model":"asked","input":[${input}]${more}}`
const flatTool = (name: string, schema = '{"type":"object","properties":{}}', more = '') =>
  `{"type":"function","name":"${name}","parameters":${schema}${more}}`

const responsesShapes: readonly Omit<RequestShape, 'client'>[] = [{ name: 'user items',
  body: n => responses(times(n, () => '{"role":"user","content":"a"}')) }, { name: 'developer items',
  body: n => responses(`${hi},${times(n, () => '{"role":"developer","content":"a"}')}`) }, {
  name: 'developer items between user items',
  body: n => responses(times(n, () => '{"role":"user","content":"a"},{"role":"developer","content":"a"}')),
}, { name: 'leading system items', body: n => responses(`${times(n, () => '{"role":"system","content":"a"}')},${hi}`) },
  { name: 'assistant items',
    body: n => responses(`${hi},${times(n, () => '{"role":"assistant","content":"a"}')},${hi}`) }, {
  name: 'configuration updates',
  n: 1_000,
  body: n =>
    responses(
      `${hi},${
        times(n, nth =>
          `{"type":"configuration_update","reasoning":{"effort":"low","note${nth}":1},"text":{"verbosity":"low"}}`)
      }`,
    ),
}, { name: 'calls and results',
  body: n =>
    responses(
      `${hi},${
        times(n, nth =>
          `{"type":"function_call","call_id":"c${nth}","name":"f","arguments":"{}"},`
          + `{"type":"function_call_output","call_id":"c${nth}","output":"r"}`)
      }`,
    ) }, { name: 'calls, then all results',
  body: n =>
    responses(
      `${hi},${times(n, nth => `{"type":"function_call","call_id":"c${nth}","name":"f","arguments":"{}"}`)},${
        times(n, nth => `{"type":"function_call_output","call_id":"c${nth}","output":"r"}`)
      }`,
    ) }, { name: 'calls of free text',
  body: n =>
    responses(
      `${hi},${
        times(n, nth =>
          `{"type":"custom_tool_call","call_id":"c${nth}","name":"f","input":"x"},`
          + `{"type":"custom_tool_call_output","call_id":"c${nth}","output":"r"}`)
      }`,
    ) }, { name: 'reasoning items',
  body: n =>
    responses(
      `${hi},${
        times(n, nth => `{"type":"reasoning","id":"rs_${nth}","summary":[],"encrypted_content":"${carrier}"}`)
      },{"role":"assistant","content":"a"},${hi}`,
    ), n: 3_000 }, { name: 'parts of one message',
  body: n => responses(`{"role":"user","content":[${times(n, () => '{"type":"input_text","text":"a"}')}]}`) }, {
  name: 'parts of one result',
  body: n =>
    responses(
      `${hi},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},`
        + `{"type":"function_call_output","call_id":"c","output":[${
          times(n, () => '{"type":"input_text","text":"a"}')
        }]}`,
    ),
}, { name: 'items of a server search',
  body: n =>
    responses(
      `${hi},${
        times(n, () => '{"type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}}')
      }`,
    ) }, { name: 'tools', body: n => responses(hi, `,"tools":[${times(n, nth => flatTool(`f${nth}`))}]`) }, {
  name: 'tools that items add',
  body: n => responses(`${hi},${times(n, nth => `{"type":"additional_tools","tools":[${flatTool(`f${nth}`)}]}`)}`),
}, {
  name: 'a namespace allowed again and again',
  n: 2_000,
  body: n =>
    responses(hi, `,"tools":[{"type":"namespace","name":"s","tools":[${
      times(n, nth => flatTool(`f${nth}`))
    }]}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[${
      times(n, () => '{"type":"namespace","name":"s"}')
    }]}`),
}, { name: 'deep schemas', n: 200,
  body: n => responses(hi, `,"tools":[${times(n, nth => flatTool(`f${nth}`, deep(50)))}]`) }, {
  name: 'a run of one character',
  n: 200_000,
  body: n => responses(`{"role":"user","content":"${'-'.repeat(n)}"}`),
}]

const messages = (list: string, more = ''): string => `{"model":"asked","max_tokens":100,"messages":[${list}]${more}}`
const claudeTool = (name: string, schema = '{"type":"object","properties":{}}') =>
  `{"name":"${name}","input_schema":${schema}}`
const use = (id: string) => `{"type":"tool_use","id":"${id}","name":"f","input":{}}`
const used = (id: string) => `{"type":"tool_result","tool_use_id":"${id}","content":"r"}`

const searches = (n: number): string =>
  times(n, nth =>
    `{"type":"server_tool_use","id":"s${nth}","name":"web_search","input":{"query":"q"}},`
    + `{"type":"web_search_tool_result","tool_use_id":"s${nth}","content":[{"type":"web_search_result","title":"T",`
    + `"url":"https://a.example","encrypted_content":"E"}]}`)
const searchTool = '"tools":[{"type":"web_search_20250305","name":"web_search"}]'

const messagesShapes: readonly Omit<RequestShape, 'client'>[] = [{ name: 'searches of one turn', n: 2_000,
  body: n => messages(`${hi},{"role":"assistant","content":[${searches(n)}]},${hi}`) }, {
  name: 'searches of one turn, for a model that goes on searching',
  n: 2_000,
  body: n => messages(`${hi},{"role":"assistant","content":[${searches(n)}]},${hi}`, `,${searchTool}`),
}, { name: 'user turns', body: n => messages(times(n, () => '{"role":"user","content":"a"}')) }, {
  name: 'system messages',
  body: n => messages(`${hi},${times(n, () => '{"role":"system","content":"s"}')}`),
}, {
  name: 'system messages before all others',
  body: n => messages(`${times(n, () => '{"role":"system","content":"s"}')},${hi}`),
}, { name: 'system messages between turns',
  body: n =>
    messages(
      times(n, () => '{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"assistant","content":"b"}')
        + ',' + hi,
    ) }, { name: 'blocks of one system message',
  body: n =>
    messages(
      `${hi},{"role":"assistant","content":"b"},{"role":"system","content":[${
        times(n, () => '{"type":"text","text":"s"}')
      }]},${hi}`,
    ) }, { name: 'blocks of the system prompt',
  body: n => messages(hi, `,"system":[${times(n, () => '{"type":"text","text":"s"}')}]`) }, {
  name: 'blocks of one turn',
  body: n => messages(`{"role":"user","content":[${times(n, () => '{"type":"text","text":"a"}')}]}`),
}, { name: 'marks for the cache',
  body: n =>
    messages(
      `{"role":"user","content":[${
        times(n, () => '{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}')
      }]}`,
    ) }, { name: 'calls of one turn, and their results',
  body: n =>
    messages(
      `${hi},{"role":"assistant","content":[${times(n, nth => use(`c${nth}`))}]},{"role":"user","content":[${
        times(n, nth => used(`c${nth}`))
      }]}`,
    ) }, { name: 'calls turn by turn',
  body: n =>
    messages(
      `${hi},${
        times(n, nth =>
          `{"role":"assistant","content":[${use(`c${nth}`)}]},{"role":"user","content":[${used(`c${nth}`)}]}`)
      }`,
    ) }, { name: 'thoughts', n: 3_000,
  body: n =>
    messages(
      `${hi},{"role":"assistant","content":[${
        times(n, () => `{"type":"thinking","thinking":"t","signature":"${carrier}"}`)
      },{"type":"text","text":"b"}]},${hi}`,
    ) }, {
  name: 'references to tools',
  body: n =>
    messages(
      `${hi},{"role":"assistant","content":[${
        use('c')
      }]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[${
        times(n, nth => `{"type":"tool_reference","tool_name":"f${nth}"}`)
      }]}]}`,
      `,"tools":[${claudeTool('f')}]`,
    ),
}, { name: 'tools', body: n => messages(hi, `,"tools":[${times(n, nth => claudeTool(`f${nth}`))}]`) }, {
  name: 'deep schemas',
  n: 200,
  body: n => messages(hi, `,"tools":[${times(n, nth => claudeTool(`f${nth}`, deep(50)))}]`),
}, { name: 'a run of one letter', n: 200_000, body: n => messages(`{"role":"user","content":"${'a'.repeat(n)}"}`) }, {
  name: 'a run of line ends',
  n: 200_000,
  body: n => messages(`{"role":"user","content":"a${'\\n'.repeat(n)}b"}`),
}, { name: 'a run of brackets in a note', n: 20_000,
  body: n => messages(`{"role":"user","content":"${'<system-reminder>'.repeat(n)}</system-reminder>"}`) }, {
  name: 'stop sequences',
  n: 2_000,
  body: n => messages(hi, `,"stop_sequences":[${times(n, nth => `"s${nth}"`)}]`),
}]

export const requestShapes: readonly RequestShape[] = [
  ...chatShapes.map(shape => ({ ...shape, client: 'openai-chat' as const })),
  ...responsesShapes.map(shape => ({ ...shape, client: 'openai-responses' as const })),
  ...messagesShapes.map(shape => ({ ...shape, client: 'anthropic-messages' as const })),
]

/** A body of about that many bytes. */
export function bodyOfBytes ({ body }: RequestShape, bytes: number): string {
  const empty = body(1).length
  const each = (body(101).length - empty) / 100
  return body(Math.max(1, Math.floor((bytes - empty) / each)))
}
