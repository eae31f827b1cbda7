// Answers that try to stall the page. The page draws any answer in bounded time, or shows it as text: while it streams,
// and after a reload.
import t from 'tap'
import type { Page } from 'playwright-core'
import { launchBrowser, register, startNodeSite, visitAs } from '../fixtures/browser.ts'
import { offerSources } from './sources.ts'

const site = await startNodeSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})

const rising = (rows: number, row: (at: number) => string) =>
  Array.from({ length: rows }, (_, at) => row(at)).join('\n')
const hostile: Readonly<Record<string, string>> = {
  '6,000 >': '>'.repeat(6_000),
  '10,000 × _a_': '_a_'.repeat(10_000),
  '10,000 × *a*': '*a*'.repeat(10_000),
  '> with a space': '> '.repeat(6_000),
  'lists inside lists, on one line': '- '.repeat(6_000),
  'numbered lists, on one line': '1. '.repeat(5_000),
  'quotes and lists by turns': '> - '.repeat(5_000),
  'lists inside lists, indented': rising(300, at => `${'  '.repeat(at)}- a`),
  'quotes inside quotes, a line each': rising(250, at => `${'>'.repeat(at)} a`),
  'a quote that goes on without its mark': '> a\nb\n'.repeat(20_000),
  'open brackets': '['.repeat(50_000),
  'open links': '[a]('.repeat(10_000),
  'open images': '!['.repeat(15_000),
  'brackets that close': '['.repeat(10_000) + ']'.repeat(10_000),
  'references': `[r]: /x\n\n${'[r]'.repeat(10_000)}`,
  'backticks, one more each time': rising(250, at => '`'.repeat(at)),
  'backticks that never close': '`a '.repeat(10_000),
  'a table of one row too few': `${'|a'.repeat(5_000)}\n${'|-'.repeat(5_000)}\n${'|\n'.repeat(5_000)}`,
  'stars': '*'.repeat(50_000),
  'stars around a letter': `${'*'.repeat(15_000)}a${'*'.repeat(15_000)}`,
  'stars three by three': '***a'.repeat(8_000),
  'stars and underscores': `${'*_'.repeat(8_000)}a${'_*'.repeat(8_000)}`,
  'a**b': 'a**b'.repeat(8_000),
  'crossed out': '~~a '.repeat(8_000),
  'deep HTML': '<div>'.repeat(10_000),
  'deep HTML, a line each': '<div>\n'.repeat(6_000),
  'open comments': '<!--'.repeat(8_000),
  'attributes without end': `<a ${'b '.repeat(15_000)}`,
  'a long name of a mailbox': `${'a'.repeat(20_000)}@`,
  'backslashes': '\\*'.repeat(15_000),
  'a list of 20,000': '- a\n'.repeat(20_000),
}
/** A longer time is a stall. Without the bounds these texts took from 1.5 s to minutes, or threw. */
const stallMs = 1_000

t.test('L2: the page draws a text that would stall Markdown, or shows it as text', async t => {
  const visited = await visitAs(browser, site.origin, await register(site), '/chat')
  await offerSources(visited.page)
  for (const [name, text] of Object.entries(hostile)) {
    const { ms, letters, depth, error } = await draw(visited.page, text)
    t.equal(error, '', name)
    t.ok(ms < stallMs, `${name}: ${Math.round(ms)} ms`)
    t.ok(depth < 120, `${name}: ${depth} levels of elements`)
    if (!text.includes('<') && !text.includes('[r]:')) {
      t.equal(letters, text.match(/[ab]/g)?.length ?? 0, `${name}: no letter is lost`)
    }
  }
  t.same(visited.complaints, [])
  await visited.close()
})

t.test('the bounds change nothing in an ordinary text', async t => {
  const visited = await visitAs(browser, site.origin, await register(site), '/chat')
  const nested = rising(8, at => `${'  '.repeat(at)}- level ${at} with *words* and \`code\``)
  const quotes = rising(8, at => `${'> '.repeat(at + 1)}level ${at}`)
  const table = `| a | b | c |\n|---|---|---|\n${'| 1 | **2** | `3` |\n'.repeat(300)}`
  const prose = `${
    'Some *stressed* words, a [link](https://example.com), `code` and an address: a@example.com. '.repeat(60)
  }\n\n`
  await offerSources(visited.page)
  const found = await visited.page.evaluate(async ([nested = '', quotes = '', table = '', prose = '']) => {
    const sink: string = '/assets/chat/markdown.js'
    const { lex, render } = await import(sink) as { lex: (text: string) => unknown[],
      render: (tokens: unknown[]) => Node }
    const count = (text: string, selector: string) => {
      const box = document.createElement('div')
      box.append(render(lex(text)))
      return box.querySelectorAll(selector).length
    }
    return { items: count(nested, 'li em'), quotes: count(quotes, 'blockquote'), cells: count(table, 'td'),
      strong: count(table, 'td strong'), links: count(prose.repeat(10), 'a'),
      plain: count(nested + quotes + table + prose, '.plain') }
  }, [nested, quotes, table, prose])
  t.same(found, { items: 8, quotes: 8, cells: 900, strong: 300, links: 1_200, plain: 0 })
  await visited.close()
})

t.test('L2: such answers are shown while they stream and after a reload, and the chat never opens empty', async t => {
  const visited = await visitAs(browser, site.origin, await register(site), '/chat')
  const { page } = visited
  await page.locator('html[data-models]').waitFor({ state: 'attached' })
  const shown = ['6,000 >', '10,000 × _a_', 'a table of one row too few', 'a list of 20,000', 'stars around a letter']
  for (const name of shown) {
    site.emulator.answers.push({ text: [...(hostile[name] ?? '').match(/[^]{1,500}/g) ?? [], '\n\nthe end'] })
    await page.fill('#message', name)
    await page.press('#message', 'Enter')
    await page.locator('.turn').last().locator('.cost').waitFor({ timeout: 30_000 })
    await page.locator('.turn').last().getByText('the end').waitFor()
  }
  await page.reload()
  await page.locator('html[data-models]').waitFor({ state: 'attached' })
  await page.locator('#history .title').click()
  await page.locator('.turn').getByText('the end').nth(shown.length - 1).waitFor({ timeout: 30_000 })
  t.same(await page.locator('.turn .bubble').allInnerTexts(), shown)
  t.equal(await page.locator('.turn').getByText('the end').count(), shown.length)
  t.same(visited.complaints, [])
  await visited.close()
})

t.test('L2: a turn that cannot be drawn is shown as text, and the others are drawn', async t => {
  const visited = await visitAs(browser, site.origin, await register(site), '/chat')
  const { page } = visited
  await page.locator('html[data-models]').waitFor({ state: 'attached' })
  for (const text of ['first', 'second']) {
    await page.fill('#message', text)
    await page.press('#message', 'Enter')
    await page.locator('.turn').last().locator('.cost').waitFor()
  }
  await page.evaluate(() =>
    new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('copilot-proxy')
      opening.onsuccess = () => {
        const store = opening.result.transaction('turns', 'readwrite').objectStore('turns')
        const all = store.getAll() as IDBRequest<
          { text: string, answer: { text: string, model: unknown, usage: unknown } }[]
        >
        all.onsuccess = () => {
          const turn = all.result.find(({ text }) => text === 'first')
          if (turn === undefined) return reject(new Error('nothing was kept'))
          turn.answer.usage = {}
          turn.answer.text = 'words of a damaged record'
          Object.assign(turn, { attachments: [null] })
          store.put(turn).onsuccess = () => resolve()
        }
      }
    })
  )
  await page.reload()
  await page.locator('html[data-models]').waitFor({ state: 'attached' })
  await page.locator('#history .title').click()
  await page.getByText('words of a damaged record').waitFor()
  t.match(await page.locator('.turn').last().innerText(), /second[^]*Hello from/)
  t.same(visited.complaints, [])
  await visited.close()
})

t.test('a text with Windows line ends looks the same streamed and complete', async t => {
  const visited = await visitAs(browser, site.origin, await register(site), '/chat')
  const text = '# A\r\n\r\npara\r\nmore\r\n\r\n- a\r\n- b\r\n\r\n```js\r\nx\r\n```\r\n\r\nlast\r\n\r\nend'
  await offerSources(visited.page)
  const [whole, ...streamed] = await visited.page.evaluate(async text => {
    const [streams, sink]: string[] = ['/assets/chat/markdown-stream.js', '/assets/chat/markdown.js']
    const [{ createMarkdownStream }, { lex, render }] = await Promise.all([import(streams ?? ''),
      import(sink ?? '')]) as [
        {
          createMarkdownStream: (
            container: Element,
            options: object,
          ) => { push: (text: string) => void, end: () => Promise<void> },
        },
        { lex: (text: string) => unknown[], render: (tokens: unknown[]) => Node },
      ]
    const bare = (element: Element) => element.innerHTML.replace(/>\s+</g, '><').trim()
    const box = document.createElement('div')
    box.append(render(lex(text)))
    const found = [bare(box)]
    for (const size of [1, 2, 7, 1_000]) {
      const stream = createMarkdownStream(box, { nextFrame: (work: () => void) => queueMicrotask(work) })
      for (let at = 0; at < text.length; at += size) {
        stream.push(text.slice(at, at + size))
        await Promise.resolve()
      }
      await stream.end()
      found.push(bare(box))
    }
    return found
  }, text)
  for (const one of streamed) t.equal(one, whole)
  await visited.close()
})

/** The best of three: other programs use the processor, too. */
async function draw (page: Page, text: string): Promise<{ ms: number, letters: number, depth: number, error: string }> {
  return page.evaluate(async text => {
    const sink: string = '/assets/chat/markdown.js'
    const { lex, render } = await import(sink) as { lex: (text: string) => unknown[],
      render: (tokens: unknown[]) => Node }
    const box = document.createElement('div')
    let ms = Infinity
    try {
      for (let round = 0; round < 3 && ms > 100; round++) {
        const from = performance.now()
        box.replaceChildren(render(lex(text)))
        ms = Math.min(ms, performance.now() - from)
      }
    } catch (thrown) {
      return { ms, letters: 0, depth: 0, error: String(thrown) }
    }
    let depth = 0
    for (let nodes: Element[] = [box]; nodes.length > 0; depth++) nodes = nodes.flatMap(node => [...node.children])
    return { ms, letters: (box.textContent ?? '').match(/[ab]/g)?.length ?? 0, depth, error: '' }
  }, text)
}
