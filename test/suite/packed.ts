// Compressed bodies: each encoding of the runtime, and the limits that hold after unpacking.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { Frame } from '../fixtures/cases.ts'
import { isWorkerd } from '../fixtures/targets.ts'
import { call } from '../fixtures/http.ts'
import { says } from './openai.ts'

type Pack = (text: string | Uint8Array) => Uint8Array
const packers: ReadonlyArray<readonly [encoding: string, pack: Pack]> = [['gzip', gzipSync], ['x-gzip', gzipSync], [
  'deflate',
  deflateSync,
], ['deflate', deflateRawSync], ['br', brotliCompressSync], ['zstd', zstdCompressSync], ['GZIP', gzipSync]]
const bodies = {
  'chat/completions': { model: 'gpt-4.1', messages: says('a packed hello') },
  responses: { model: 'gpt-5-mini', input: 'a packed hello' },
  messages: { model: 'claude-haiku-4.5', max_tokens: 50, messages: says('a packed hello') },
} as const
const mebibyte = 1_048_576

export function packedSuite ({ target, test, testWith }: Frame): void {
  /** What workerd cannot unpack gets 415, which names what it can. */
  const isKnown = (encoding: string) => !isWorkerd(target) || /gzip|deflate/i.test(encoding)
  const send = (base: string, password: string, path: string, body: Uint8Array, encoding: string) =>
    call(`${base}/${path}`, { method: 'POST', body: new Uint8Array(body),
      headers: { authorization: `Bearer ${password}`, 'content-type': 'application/json',
        'content-encoding': encoding } })

  for (const [at, [encoding, pack]] of packers.entries()) {
    test(`a body in ${encoding} is read in every dialect (${at})`, async t => {
      const { base, password } = await target.addUser()
      for (const [path, body] of Object.entries(bodies)) {
        const got = await send(base, password, path, pack(JSON.stringify(body)), encoding)
        if (isKnown(encoding)) {
          t.equal(got.status, 200, path)
          t.match(got.text, /a packed hello/)
        } else {
          t.equal(got.status, 415, path)
          t.match(got.json.error.message, /gzip, deflate/)
        }
      }
      for (const { headers, body } of target.seen().filter(({ method }) => method === 'POST')) {
        t.equal(headers['content-encoding'], undefined)
        t.match(body, /a packed hello/, 'Copilot gets the plain body')
      }
    })
  }

  test('a bomb is 413 in the form of the dialect, by its size and by its ratio', async t => {
    const { base, password } = await target.addUser()
    const large = new Uint8Array(48 * mebibyte).fill(0x20)
    for (const [encoding, pack] of packers.filter(([encoding]) => isKnown(encoding))) {
      for (const path of Object.keys(bodies)) {
        const got = await send(base, password, path, pack(large), encoding)
        t.equal(got.status, 413, `${encoding} ${path}`)
        t.match(got.json, path === 'messages'
          ? { type: 'error', error: { type: 'request_too_large' } }
          : { error: { code: 'request_too_large' } })
      }
    }
    const dense = await send(base, password, 'responses', gzipSync(large.subarray(0, 4 * mebibyte)), 'gzip')
    t.match(dense, { status: 413, json: { error: { message: /times larger/ } } })
    t.equal(target.seen('/responses').length, 0)
  })

  test('a large body that is no bomb passes', async t => {
    const { base, password } = await target.addUser()
    const text = Array.from({ length: 6_000 }, (_, n) => `line ${n} has the word ${(n * 7_919) % 10_007}`).join('\n')
    const body = { ...bodies['chat/completions'], messages: says(text) }
    t.equal((await send(base, password, 'chat/completions', gzipSync(JSON.stringify(body)), 'gzip')).status, 200)
  })

  test('a damaged body is 400, another encoding 415', async t => {
    const { base, password } = await target.addUser()
    const good = gzipSync(JSON.stringify(bodies.responses))
    for (const [encoding, body] of [['gzip', Buffer.from('{}')], ['gzip', good.subarray(0, -9)], ['deflate',
      good]] as const) {
      t.match(await send(base, password, 'responses', body, encoding), { status: 400,
        json: { error: { code: 'invalid_request', message: new RegExp(encoding) } } })
    }
    for (const encoding of ['compress', 'gzip, gzip', 'deflate, gzip']) {
      t.match(await send(base, password, 'responses', good, encoding), { status: 415,
        json: { error: { code: 'unsupported_media_type' } } }, encoding)
    }
    t.equal(target.seen('/responses').length, 0)
  })

  test('bytes after the packed data are 400, and so is an empty body', async t => {
    const { base, password } = await target.addUser()
    for (const [encoding, pack] of packers.filter(([encoding]) => isKnown(encoding))) {
      const good = pack(JSON.stringify(bodies.responses))
      t.match(await send(base, password, 'responses', Buffer.concat([good, Buffer.from('x')]), encoding), { status: 400,
        json: { error: { code: 'invalid_request', message: new RegExp(encoding.replace('x-', ''), 'i') } } }, encoding)
      const plain = await send(base, password, 'responses', new Uint8Array(), 'identity')
      const empty = await send(base, password, 'responses', new Uint8Array(), encoding)
      t.equal(empty.status, 400)
      t.strictSame(empty.json.error.message, plain.json.error.message, encoding)
    }
    t.equal(target.seen('/responses').length, 0)
  })

  test('forms and account routes take no encoding', async t => {
    t.match(
      await call(`${target.origin}/`, { method: 'POST', body: new Uint8Array(gzipSync('{}')),
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }),
      { status: 415 },
    )
  })

  testWith({ MAX_BODY_BYTES: '2000000' }, 'MAX_BODY_BYTES holds after unpacking', async (t, own) => {
    const { base, password } = await own.addUser()
    const words = (count: number) => Array.from({ length: count }, (_, n) => (n * 7_919) % 99_991).join(' ')
    const pack = (count: number) =>
      gzipSync(JSON.stringify({ ...bodies['chat/completions'], messages: says(words(count)) }))
    t.equal((await send(base, password, 'chat/completions', pack(50_000), 'gzip')).status, 200)
    t.match(await send(base, password, 'chat/completions', pack(500_000), 'gzip'), { status: 413,
      json: { error: { message: /2000000 bytes/ } } })
  })
}
