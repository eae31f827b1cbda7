// Embeddings: floats and base64, one string or many.
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import { openAi } from './openai.ts'

const model = 'text-embedding-3-small'

export function embeddingsSuite ({ target, test }: Frame): void {
  test('embeddings.create() gives the same numbers in base64, its default, and as floats', async t => {
    const client = openAi(await target.addUser())
    const byDefault = await client.embeddings.create({ model, input: 'hello' })
    const floats = await client.embeddings.create({ model, input: ['hello', 'world'], encoding_format: 'float' })
    t.match(byDefault, { object: 'list', model, data: [{ object: 'embedding', index: 0 }],
      usage: { prompt_tokens: 2, total_tokens: 2 } })
    t.equal(byDefault.data[0]?.embedding.length, 1536)
    t.same(byDefault.data[0]?.embedding, floats.data[0]?.embedding.map(Math.fround))
    t.same(floats.data.map(({ index }) => index), [0, 1])
    t.same(target.seen('/embeddings').map(({ json }) => json), [{ model, input: ['hello'] }, { model,
      input: ['hello', 'world'] }], 'a string becomes a list; fields that Copilot does not know are left out')
  })

  test('a hand-made base64 request gets little-endian floats, and dimensions are passed on', async t => {
    const { base, password } = await target.addUser()
    const { status, json } = await call(`${base}/embeddings`, {
      json: { model: 'github_copilot/text-embedding-3-small', input: 'x', encoding_format: 'base64', dimensions: 8,
        user: 'me' },
      headers: { authorization: `Bearer ${password}` },
    })
    t.equal(status, 200)
    const bytes = Buffer.from(json.data[0].embedding, 'base64')
    t.equal(bytes.length, 32)
    t.ok(
      Math.abs(Array.from({ length: 8 }, (_, at) =>
        bytes.readFloatLE(at * 4)).reduce((sum, value) => sum + value * value, 0) - 1) < 1e-3,
      'a vector of length one',
    )
    t.same(target.seen('/embeddings')[0]?.json, { model, input: ['x'], dimensions: 8 })
  })

  test('input that cannot be embedded is 400, and the error names the field', async t => {
    const { base, password } = await target.addUser()
    const ask = (json: unknown) =>
      call(`${base}/embeddings`, { json, headers: { authorization: `Bearer ${password}` } })
    for (const [body, param] of [[{ input: 'x' }, 'model'], [{ model: '', input: 'x' }, 'model'], [{ model }, 'input'],
      [{ model, input: [] }, 'input'], [{ model, input: [[1, 2]] }, 'input'], [{ model, input: 7 }, 'input'], [{ model,
      input: 'x', encoding_format: 'int8' }, 'encoding_format']] as const) {
      t.match(await ask(body), { status: 400, json: { error: { type: 'invalid_request_error', param } } },
        JSON.stringify(body))
    }
    t.equal((await ask([])).status, 400)
    t.match(await ask({ model, input: 'x'.repeat(4 * 1_048_576) }), { status: 413,
      json: { error: { code: 'request_too_large' } } })
    t.same(target.seen('/embeddings'), [])
    t.match(await ask({ model, input: Array(600).fill('x') }), { status: 400,
      json: { error: { message: 'Bad Request' } } }, "Copilot's own refusal")
  })
}
