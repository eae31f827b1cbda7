// Citations: the sentence that a link supports, and the links of a text that point to found pages.
import t from 'tap'
import { claimOf } from '../../../src/dialects/shared/claims.ts'
import { cleanLinks, cleanUrl, isPageAddress } from '../../../src/dialects/shared/web-tools.ts'
import { createCiter, findCitations } from '../../../src/search/cite.ts'
import { toResult } from '../../../src/search/findings.ts'

const link = '([a.example](https://a.example/t))'

t.test('the claim is the sentence in front of the link', async t => {
  const rows: ReadonlyArray<readonly [string, string, string | null]> = [['Earlier. High water is at 04:10. ', link,
    'High water is at 04:10.'], ['High water is at 04:10 ', link, 'High water is at 04:10'], [
    '# Tides\n- **High** water is at 04:10. ',
    link,
    '**High** water is at 04:10.',
  ], ['One. Two. ([b.example](https://b.example)) ', link, 'Two.'], ['One ([b.example](https://b.example)), two ', link,
    'two'], ['Is it late? ', link, 'Is it late?'], ['', link, null], ['  \n', link, null], ['Some words. ',
    'High water is at 04:10.', null]]
  for (const [before, passage, claim] of rows) t.equal(claimOf(passage, before), claim, before + passage)
  t.equal(claimOf(link, `x${'y'.repeat(1_000)}`)?.length, 150, 'a long sentence keeps its end')
})

t.test("OpenAI's mark leaves addresses, and nothing else does", async t => {
  for (const [given, clean] of [['https://a.example/t?utm_source=openai', 'https://a.example/t'], [
    'https://a.example/t?q=1&utm_source=openai',
    'https://a.example/t?q=1',
  ], ['https://a.example/t?utm_source=openai&q=1', 'https://a.example/t?q=1'], [
    'https://a.example/t?utm_source=openai#p',
    'https://a.example/t#p',
  ], ['https://a.example/t?utm_source=other', 'https://a.example/t?utm_source=other']] as const) {
    t.equal(cleanUrl(given), clean)
  }
  t.equal(cleanLinks('see ([a](https://a.example?utm_source=openai)) and utm_source=openai'),
    'see ([a](https://a.example)) and utm_source=openai')
})

const hits = new Map([['https://a.example/t', { url: 'https://a.example/t', title: 'Tides' }], [
  'https://w.example/a_(b)',
  { url: 'https://w.example/a_(b)', title: '' },
]])

t.test('links to found pages are citations, with their place; other links are none', async t => {
  const text = `High water 🌊 is at 04:10. ([Tides](https://a.example/t?utm_source=openai)) Low later `
    + `[wiki](https://w.example/a_(b)). Also <https://a.example/t>, `
    + `[made up](https://other.example) and https://a.example/t.`
  const found = findCitations(text, hits)
  t.match(found, [{ url: 'https://a.example/t', title: 'Tides', claim: 'High water 🌊 is at 04:10.' }, {
    url: 'https://w.example/a_(b)',
    title: 'w.example',
  }, { url: 'https://a.example/t' }])
  t.equal(found.length, 3)
  for (const { range, citedText } of found) {
    t.equal(text.slice(range?.start, range?.end), citedText, 'the range is the passage')
  }
  t.same(findCitations(text, new Map()), [])
})

t.test('brackets that no link follows cost nothing, and a label has at most 200 characters', async t => {
  t.same(findCitations('[x '.repeat(300_000), hits), [])
  t.same(findCitations(']('.repeat(300_000) + '](https://a.example/t'.repeat(30_000), hits), [])
  const link = (label: string) => findCitations(`So [${label}](https://a.example/t)`, hits).length
  t.same([link('a'.repeat(200)), link('a'.repeat(201)), link('a]'), link('a\nb')], [1, 0, 0, 0])
})

t.test('only addresses of the web are pages', async t => {
  for (const url of ['https://a.example/t', 'http://w.example/a_(b)', 'https://é.example/ü']) {
    t.ok(isPageAddress(url), url)
  }
  for (const url of ['', 'javascript:alert(1)', 'https://a.example/\u0000', 'https://a b', 'file:///etc', 'https://']) {
    t.notOk(isPageAddress(url), url)
  }
})

t.test('a title cannot end its own link', async t => {
  const text = toResult('q', {
    searches: [{ tool: 'web_search', queries: ['q'], error: null, text: null, action: null,
      hits: [{ url: 'https://a.example', title: 'x](javascript:y)' }] }],
    opened: [],
    text: '',
    citations: [],
  })
  t.match(text, '- [x\\](javascript:y)](https://a.example)')
})

t.test('citations come in front of the end of their text', async t => {
  const cite = createCiter(hits)
  t.same(cite({ type: 'text-start', block: 3, apart: false }).length, 1)
  cite({ type: 'text-delta', block: 3, text: 'So. ([Tid' })
  cite({ type: 'text-delta', block: 3, text: 'es](https://a.example/t))' })
  t.match(cite({ type: 'block-end', block: 3 }), [{ type: 'citation', block: 3, claim: 'So.' }, { type: 'block-end' }])
  t.match(cite({ type: 'block-end', block: 4 }), [{ type: 'block-end', block: 4 }])
})
