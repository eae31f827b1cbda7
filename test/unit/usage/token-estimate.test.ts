// The estimate on Workers, compared with the real tokenizer on Node.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { countPrompt } from '../../../src/usage/prompt-tokens.ts'
import { estimateTokens } from '../../../src/usage/token-estimate.ts'

/** Texts that agents send: prose, code, JSON, pages, and other scripts. */
const fixtures: Readonly<Record<string, string>> = {
  prose: readFileSync('docs/troubleshooting.md', 'utf8').slice(0, 30_000),
  tables: readFileSync('docs/translation.md', 'utf8'),
  code: readFileSync('src/handlers/generate.ts', 'utf8') + readFileSync('src/relay/scan.ts', 'utf8'),
  json: readFileSync('package.json', 'utf8') + readFileSync('tsconfig.json', 'utf8'),
  page: readFileSync('static/index.html', 'utf8'),
  styles: readFileSync('static/assets/styles/base.css', 'utf8'),
  chinese: '人工智能正在改变世界。今天的天气很好，我们去公园散步吧。这是一个测试。'.repeat(20),
  japanese: 'これはテストです。今日は天気がいいので、公園を散歩しましょう。'.repeat(20),
  russian: 'Искусственный интеллект меняет мир. Сегодня хорошая погода, пойдем гулять в парк. '.repeat(20),
  german: 'Die künstliche Intelligenz verändert die Welt. Heute ist schönes Wetter, größere Häuser. '.repeat(20),
}

for (const [name, text] of Object.entries(fixtures)) {
  t.test(`estimateTokens() is within 15 % of the tokenizer on ${name}`, async t => {
    const real = countTokens(text, { disallowedSpecial: new Set() })
    const ratio = estimateTokens(text) / real
    t.ok(ratio > 0.85 && ratio < 1.15, `${(100 * ratio).toFixed(1)} % of ${real}`)
  })
}

t.test('estimateTokens() is monotone: more text, never fewer tokens', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, more) =>
      estimateTokens(text + more) >= estimateTokens(text)),
  )
})

t.test('countPrompt() counts images, files, tools and every text', async t => {
  const empty = { system: [], turns: [], tools: [], format: null } as unknown as Parameters<typeof countPrompt>[0]
  const tokens = async (prompt: object) =>
    (await countPrompt({ ...empty, ...prompt },
      async text => ({ tokens: estimateTokens(text), by: 'estimate' as const }))).tokens
  const user = (...blocks: object[]) => ({ turns: [{ role: 'user', blocks }] })
  const text = { type: 'text', text: 'What is on the picture?' }
  const image = { type: 'image', source: { mime: 'image/png', data: 'AAAA' }, detail: null }
  const tool = { name: 'read', namespace: null, kind: 'function', builtin: null, description: 'Reads a file',
    schema: { type: 'object' }, strict: null, grammar: null, cache: false }
  const plain = await tokens(user(text))
  t.ok(plain > 4)
  t.ok(await tokens(user(text, image)) >= plain + 1_000)
  t.ok(await tokens(user({ type: 'tool-result', id: 'a', blocks: [text, image], isError: null })) >= plain + 1_000)
  t.ok(await tokens({ ...user(text), tools: [tool] }) > plain)
  t.ok(
    await tokens(
      user(text, { type: 'file', source: { mime: 'application/pdf', data: 'A'.repeat(200_000) }, name: 'a.pdf' }),
    ) > plain + 2_000,
  )
})
