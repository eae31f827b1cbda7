// Content that only some dialects have, through every pair: it arrives as text or as a field, or `x-proxy-dropped`
// names it; strict mode then refuses it.
import t from 'tap'
import type { JsonObject } from '../../src/json.ts'
import type { Path } from './requests/continued.ts'
import { startWorld } from './requests/send.ts'

interface Row {
  readonly what: string
  readonly path: Path
  readonly body: JsonObject
  /** The text that must arrive or be reported as lost. */
  readonly mark:
    | string
    | RegExp
  /** The name of its loss in the header. */
  readonly named: RegExp
}

const models = ['gpt-4o', 'gemini-2.5-pro', 'gpt-5.4', 'claude-sonnet-4.5', 'claude-opus-4.8']
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const pdf = 'JVBERi0xLjQKJcOkw7zDtsOf'
const user = { role: 'user', content: 'hi' }
const chat = (...messages: readonly JsonObject[]): JsonObject => ({ messages: [...messages, user] })
const input = (...items: readonly JsonObject[]): JsonObject => ({ input: [user, ...items, user] })
const messages = (...given: readonly JsonObject[]): JsonObject => ({ max_tokens: 5_000,
  messages: [user, ...given, user] })
const assistant = (...content: readonly JsonObject[]): JsonObject => ({ role: 'assistant',
  content: [...content, { type: 'text', text: 'So.' }] })
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } }
const imageUrl = { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }
const document = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } }
const of = (
  path: Path,
  rows: ReadonlyArray<readonly [what: string, body: JsonObject, mark: string | RegExp, named: RegExp]>,
): Row[] => rows.map(([what, body, mark, named]) => ({ what, path, body, mark, named }))

const rows: readonly Row[] = [
  ...of('messages', [['unsigned thinking', messages(assistant({ type: 'thinking', thinking: 'MARK' })), 'MARK',
    /thinking|reasoning/], ['thinking with an empty signature',
    messages(assistant({ type: 'thinking', thinking: 'MARK', signature: '' })), 'MARK', /thinking|reasoning/], [
    'signed thinking without its text',
    messages(assistant({ type: 'thinking', signature: 'MARK' })),
    'MARK',
    /thinking|reasoning/,
  ], ['redacted thinking of another upstream', messages(assistant({ type: 'redacted_thinking', data: 'MARK' })), 'MARK',
    /thinking|reasoning/], ['an image in system', { ...messages(), system: [{ type: 'text', text: 'a' }, image] }, png,
    /system/], ['a document in system', { ...messages(), system: [{ type: 'text', text: 'a' }, document] }, pdf,
    /system/], ['an image in a system turn',
    messages({ role: 'system', content: [{ type: 'text', text: 'a' }, image] }), png, /system/], [
    'a document in a system turn',
    messages({ role: 'system', content: [document] }),
    pdf,
    /system/,
  ], ['a system turn', messages({ role: 'system', content: [{ type: 'text', text: 'MARK' }] }), 'MARK', /^$/], [
    'an effort of output_config',
    { ...messages(), output_config: { effort: 'low' } },
    /"low"|thinking_budget/,
    /effort|output_config|reasoning/,
  ], ['a schema of output_config', { ...messages(), output_config: {
    format: { type: 'json_schema',
      schema: { type: 'object', properties: { MARK: { type: 'string' } }, additionalProperties: false } },
  } }, 'MARK', /format/], ['another field of output_config', { ...messages(), output_config: { verbosity: 'MARK' } },
    'MARK', /output_config/], ['an unknown block with text',
    messages({ role: 'assistant', content: [{ type: 'novelty', text: 'MARK' }] }), 'MARK', /novelty/], [
    'an unknown block of a user turn',
    messages({ role: 'user', content: [{ type: 'novelty', text: 'MARK' }] }),
    'MARK',
    /novelty/,
  ]]),
  ...of('chat/completions', [['reasoning as text',
    chat(user, { role: 'assistant', content: 'So.', reasoning_content: 'MARK' }), 'MARK', /reasoning/], [
    "thinking of Anthropic's",
    chat(user, assistant({ type: 'thinking', thinking: 'MARK', signature: 'S' })),
    'MARK',
    /thinking|reasoning/,
  ], ['unsigned thinking', chat(user, assistant({ type: 'thinking', thinking: 'MARK' })), 'MARK', /thinking|reasoning/],
    ['thinking without its text', chat(user, assistant({ type: 'thinking', signature: 'MARK' })), 'MARK',
      /thinking|reasoning/], ['an image in a system message',
    chat({ role: 'system', content: [{ type: 'text', text: 'a' }, imageUrl] }), png, /system/], [
    'an image in a developer message',
    chat(user, { role: 'developer', content: [imageUrl] }),
    png,
    /developer|system/,
  ], ['a file in a system message',
    chat({ role: 'system',
      content: [{ type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } }] }), pdf,
    /system|file/], ['output_config', { ...chat(), output_config: { effort: 'MARK' } }, 'MARK', /output_config/], [
    'an unknown part with text',
    chat({ role: 'user', content: [{ type: 'novelty', text: 'MARK' }] }),
    'MARK',
    /novelty/,
  ]]),
  ...of('responses', [['reasoning without state',
    input({ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'MARK' }] }), 'MARK', /reasoning/], [
    'reasoning with its content',
    input({ type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'MARK' }] }),
    'MARK',
    /reasoning/,
  ], ['an image in a system message',
    input({ role: 'system',
      content: [{ type: 'input_text', text: 'a' }, { type: 'input_image', detail: 'auto',
        image_url: `data:image/png;base64,${png}` }] }), png, /system/], ['a file in a developer message',
    input({ role: 'developer',
      content: [{ type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` }] }), pdf,
    /system|developer|file/], ['agent_message',
    input({ type: 'agent_message', author: 'child', content: [{ type: 'input_text', text: 'MARK' }] }), 'MARK',
    /agent_message/], ['an unknown item with text',
    input({ type: 'novelty', content: [{ type: 'output_text', text: 'MARK' }] }), 'MARK', /novelty/], [
    'an unknown item with its own text',
    input({ type: 'novelty', text: 'MARK' }),
    'MARK',
    /novelty/,
  ], ['an unknown part with text', input({ role: 'user', content: [{ type: 'novelty', text: 'MARK' }] }), 'MARK',
    /novelty/], ['output_config', { ...input(), output_config: { effort: 'MARK' } }, 'MARK', /output_config/]]),
]

t.test('content that only some dialects have is carried or named, and strict mode refuses its loss', async t => {
  const { ask } = await startWorld(t, { reasoningOrigin: false })
  for (const { what, path, body, mark, named } of rows) {
    for (const model of models) {
      const name = `${what}: ${path} to ${model}`
      const { status, headers, upstream, text } = await ask(path, { model, ...body })
      const dropped = headers.get('x-proxy-dropped') ?? ''
      const isCarried = typeof mark === 'string' ? upstream.includes(mark) : mark.test(upstream)
      t.ok(status === 200 && (isCarried || named.test(dropped)),
        `${name}: ${status} dropped "${dropped}"${status === 200 ? '' : ` ${text}`}`)
      const strict = await ask(path, { model, ...body }, { 'x-proxy-strict': '1' })
      t.ok(strict.status === (dropped === '' ? 200 : 400),
        `${name}, strict: ${strict.status} ${strict.text.slice(0, 300)}`)
    }
  }
})

t.test('a request with empty instructions still works', async t => {
  const { ask } = await startWorld(t, {})
  const silent: ReadonlyArray<readonly [Path, JsonObject]> = [['messages', { ...messages(), system: [] }], ['messages',
    messages({ role: 'system', content: [] })], ['messages', messages({ role: 'system', content: '' })], [
    'chat/completions',
    chat({ role: 'system', content: [] }),
  ], ['chat/completions', chat(user, { role: 'developer', content: [] })], ['chat/completions',
    chat({ role: 'system', content: '' })], ['responses', input({ role: 'system', content: [] })], ['responses', {
    ...input(),
    instructions: '',
  }], ['responses', input({ type: 'message', role: 'developer', content: [] })]]
  for (const [path, body] of silent) {
    for (const model of models) {
      const { status, text, headers } = await ask(path, { model, ...body }, { 'x-proxy-strict': '1' })
      t.ok(status === 200 && headers.get('x-proxy-dropped') === null,
        `${path} to ${model}: ${JSON.stringify(body).slice(0, 120)}: ${
          status === 200 ? headers.get('x-proxy-dropped') : text
        }`)
    }
  }
})
