// Properties that hold for every input. The fast run and the long run share them. Inputs that once failed are kept in
// corpus/ and tried first.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { anthropicMessages } from '../../src/dialects/messages/index.ts'
import type { Dialect } from '../../src/dialects/contract/dialect.ts'
import { openAiChat } from '../../src/dialects/chat/index.ts'
import { openAiResponses } from '../../src/dialects/responses/index.ts'
import { readConfig } from '../../src/config.ts'
import { GatewayError } from '../../src/errors.ts'
import { readRecord } from '../../src/auth/record.ts'
import { createScanner } from '../../src/relay/scan.ts'
import { readAccountType, copilotBase } from '../../src/upstream/hosts.ts'
import { call } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { bodyOf, paths, type Wanted } from './frame.ts'

export const topics = ['sse', 'record', 'account-type', 'request'] as const
export type Topic = typeof topics[number]

export function corpus (topic: Topic): unknown[] {
  return JSON.parse(readFileSync(new URL(`corpus/${topic}.json`, import.meta.url), 'utf8')) as unknown[]
}

const dialects: Readonly<Record<Wanted, Dialect>> = { chat: openAiChat, responses: openAiResponses,
  messages: anthropicMessages }
const names = Object.keys(dialects) as Wanted[]
const config = readConfig({})

/** Any error except a GatewayError fails the test. */
function own<T> (act: () => T): T | GatewayError {
  try {
    return act()
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown
    throw thrown
  }
}

/**
 * However the bytes are cut: the same output, only GatewayErrors, and no broken JSON in data that the gateway wrote.
 */
export function checkSse (text: string, cuts: readonly number[]): void {
  const bytes = Buffer.from(text, 'latin1')
  for (const name of names) {
    const whole = scan(dialects[name], name, [bytes])
    const pieces: Buffer[] = []
    let from = 0
    for (const cut of [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b)) {
      pieces.push(bytes.subarray(from, cut))
      from = cut
    }
    const cutUp = scan(dialects[name], name, [...pieces, bytes.subarray(from)])
    if (whole !== cutUp) {
      throw new Error(
        `${name}: the stream depends on how it is cut:\n${JSON.stringify(whole)}\n${JSON.stringify(cutUp)}`,
      )
    }
    for (const decoder of [dialects[name].createDecoder()]) {
      for (const event of text.split('\n\n')) {
        own(() => decoder.push(event.replace(/^[^]*?data: ?/, ''), /^event: ?(.*)/.exec(event)?.[1] ?? ''))
      }
      own(() => decoder.end())
    }
  }
}

function scan (dialect: Dialect, name: Wanted, pieces: readonly Uint8Array[]): string {
  const repair = dialect.createRepair({ facts: dialect.inspect(bodyOf(name, { stream: true })), model: 'm',
    now: () => 0, newId: () => 'id' })
  const scanner = createScanner(repair)
  const utf8 = new TextDecoder()
  let out = ''
  const ended = own(() => {
    for (const piece of pieces) {
      const given = scanner.push(piece)
      if (given !== null) out += typeof given === 'string' ? given : utf8.decode(given, { stream: true })
      scanner.assertSound()
    }
    return scanner.end()
  })
  return `${out}${ended instanceof GatewayError ? `!${ended.code}` : ended}`
}

export function checkRecord (value: string): void {
  own(() => readRecord(value, 'alice'))
}

export function checkAccountType (value: string): void {
  const label = own(() => readAccountType(value, config))
  if (label instanceof GatewayError || label === null) return
  const { host, pathname, username } = new URL(copilotBase(label, null, config))
  if (host !== `api.${label}.githubcopilot.com` || pathname !== '/' || username !== '') {
    throw new Error(`leads to ${host}`)
  }
}

export async function checkRequest (user: User, { dialect, body }: { dialect: Wanted, body: unknown }): Promise<void> {
  const { status, text, json, headers } = await call(
    `${user.base}${dialect === 'messages' ? '/messages' : paths[dialect]}`,
    { method: 'POST', body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${user.password}` } },
  )
  if (status === 500) throw new Error(text)
  if (headers.get('content-type')?.includes('json') === true ? typeof json !== 'object' : !text.endsWith('\n\n')) {
    throw new Error(`neither JSON nor a stream: ${status} ${text.slice(0, 200)}`)
  }
}

// --- inputs ---

const words = fc.constantFrom('data: ', 'data:', 'event: ', 'id: 1\n', ': c\n', '\n', '\n\n', '\r', '\r\n', '[DONE]',
  '{}', '{"choices":[]}', '{"choices":[{"index":0,"delta":{"content":"x"}}]}', '{"type":"message_start","message":{}}',
  '{"type":"message_stop"}', '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}',
  '{"type":"response.completed","response":{}}', '{"type":"error"}', '{"error":{"message":"x"}}',
  'event: message_start\n', 'event: response.created\n', '\xef\xbb\xbf', '\xc3', '\xf0\x9f\x99\x82', '\0', 'null', '[',
  '1e400')
export const sse = fc.tuple(
  fc.array(fc.oneof({ weight: 4, arbitrary: words }, { weight: 1, arbitrary: fc.string({ maxLength: 6 }) }), {
    maxLength: 40,
  }).map(parts => parts.join('')),
  fc.array(fc.nat(4_000), { maxLength: 12 }),
)

const recordKeys = ['v', 'u', 'rid', 'gen', 'rev', 'kdf', 'it', 'salt', 'pid', 'vf', 'iv', 'ct']
export const records = fc.oneof(fc.string(), fc.json(),
  fc.dictionary(fc.constantFrom(...recordKeys),
    fc.oneof(fc.constantFrom<unknown>('alice', 1, 2, 3, 100_000, 'pbkdf2-sha256', null, 'AAAAAAAAAAAAAAAAAAAAAA', ''),
      fc.jsonValue())).map(value => JSON.stringify(value)), fc.string().map(text => `cred:${text}`))
export const accountTypes = fc.oneof(fc.string({ maxLength: 70 }),
  fc.string({ unit: fc.constantFrom('a', 'z', '0', '-', '.', '/', '#', '@', ':', '%', ' ', '\t', 'A', '。'),
    maxLength: 66 }))

const keys = ['model', 'messages', 'input', 'role', 'content', 'type', 'text', 'tools', 'tool_calls', 'tool_call_id',
  'function', 'name', 'arguments', 'call_id', 'output', 'system', 'instructions', 'stream', 'max_tokens', 'stop',
  'thinking', 'reasoning', 'image_url', 'source', 'data', 'url', 'tool_choice', 'id', 'input_schema', 'parameters',
  'cache_control', 'is_error', 'tool_use_id']
const near = fc.letrec(tie => ({
  value: fc.oneof({ depthSize: 'small' }, fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>({ toString: 1 }, 'user', 'assistant', 'system', 'developer', 'tool', 'text', 'image',
      'tool_use', 'tool_result', 'thinking', 'function', 'function_call', 'message', 'input_text', 'gpt-4o',
      'gpt-5-mini', 'claude-sonnet-4.5', '', 'data:image/png;base64,AA'), fc.array(tie('value'), { maxLength: 3 }),
    tie('object')),
  object: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
})).object
export const requests = fc.record({ dialect: fc.constantFrom(...names),
  body: fc.tuple(near, fc.boolean()).map(([more, isWhole]) =>
    isWhole ? { ...bodyOf('chat'), input: 'hi', max_tokens: 9, ...more } : more
  ) })
