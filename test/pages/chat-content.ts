// What an answer contains besides text: formulas, diagrams, footnotes, tables, pictures. On either runtime.
import { diagramData } from '@mermaid-js/examples'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { axeProblems } from './axe.ts'
import type { ChatWorld } from './chat-world.ts'
import { offerSources } from './sources.ts'

/** A PNG of one pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** From KaTeX's own site and documentation. */
const katexExamples = [String.raw`c = \pm\sqrt{a^2 + b^2}`,
  String.raw`f(\relax{x}) = \int_{-\infty}^\infty \hat f(\xi)\,e^{2 \pi i \xi x} \,d\xi`,
  String.raw`\begin{pmatrix} a & b \\ c & d \end{pmatrix}`,
  String.raw`\begin{cases} a &\text{if } b \\ c &\text{if } d \end{cases}`,
  String.raw`\overbrace{a+b+c}^{\text{note}} \quad \boxed{\pi=\frac c d} \quad \cancel{5} \quad \xrightarrow{abc}`,
  String.raw`\begin{aligned} a&=b+c \\ - d+e&=f \end{aligned}`,
  String.raw`\left(\LARGE{AB}\right) \color{blue} F=ma \quad \tag{1}`,
  String.raw`\sum_{\substack{0<i<m\\0<j<n}} \mathbb{R} \ne \mathcal{L} \text{ where } |x| < 1`]

const prose = ['It costs $5 and $10, from $5-$10, US$5 or $3.50/month and $4/month.', 'Set $HOME:$PATH and $A to $B.',
  'An array \\[1\\] and \\[draft\\] text.', 'A trailing \\( is a bracket, and 2 * 3 * 4 too.']

export async function testChatContent (t: Test, { open, end, ask, words, site }: ChatWorld): Promise<void> {
  await t.test('formulas of every form are MathML, and prices, variables and code stay as they are', async t => {
    const visited = await open()
    const { page } = visited
    await ask(page, 'math', String.raw`Inline \(a_1 * b_2 * c\) and $x^2$ and $n$, then

\[
E = mc^2
\]

$$\begin{aligned}
a &= b \\
- c &= d
\end{aligned}$$

Text before
\[
\frac{1}{2}
+ x
\]
and after. Wrong: \(\frobnicate{x}\). Code: ${'`\\(a\\)`'} and

${'```'}
\(b\) $c$
${'```'}

${prose.join('\n\n')}`)
    const answer = words(page)
    await answer.locator('math').nth(5).waitFor()
    t.equal(await answer.locator('math').count(), 6)
    t.equal(await answer.locator('math[display="block"]').count(), 3)
    t.equal(await answer.locator('em').count(), 0, 'no star or underscore of a formula opens emphasis')
    t.equal(await answer.locator('.formula.source').innerText(), String.raw`\frobnicate{x}`, 'a wrong one is shown')
    t.same(await answer.locator('code').allInnerTexts(), [String.raw`\(a\)`, '\\(b\\) $c$\n'])
    const text = await answer.innerText()
    for (const part of ['$5 and $10, from $5-$10, US$5 or $3.50/month and $4/month.', '$HOME:$PATH and $A to $B.',
      'An array [1] and [draft] text.', 'A trailing ( is a bracket, and 2 * 3 * 4 too.']) {
      t.ok(text.includes(part), part)
    }
    await end(t, visited)
  })

  await t.test('KaTeX’s own examples are drawn', async t => {
    const visited = await open()
    const { page } = visited
    await ask(page, 'examples', katexExamples.map(tex => `\\[\n${tex}\n\\]`).join('\n\n'))
    await words(page).locator('math').nth(katexExamples.length - 1).waitFor()
    t.equal(await words(page).locator('.formula.drawn').count(), katexExamples.length)
    t.equal(await words(page).locator('[style], annotation').count(), 0)
    await end(t, visited)
  })

  await t.test('a streamed formula is never drawn half, nor as emphasis, and ends as the whole text does', async t => {
    const visited = await open()
    const texts = [String.raw`See \(a_1 * b_2 * c_{3}\) here.`, 'Text\n\\[\nx *y* z\n- a\n= b\n\\]\nend\n\nnext *word*',
      '$$\na\n+ b\n\n- list\n', 'One $a*b*c$ two\n\n\\[ a\n- b\n- c \\]\n\nlast',
      'note[^1] and[^2]\n\n[^1]: a *b*\n[^3]: c']
    await offerSources(visited.page)
    const wrong = await visited.page.evaluate(async texts => {
      const [streams, sink]: string[] = ['/assets/chat/markdown-stream.js', '/assets/chat/markdown.js']
      const [{ createMarkdownStream }, { lex, render }] = await Promise.all([import(streams ?? ''),
        import(sink ?? '')]) as [
          {
            createMarkdownStream: (
              box: Element,
              options: object,
            ) => { push: (text: string) => void, end: () => Promise<void> },
          },
          { lex: (text: string) => unknown[], render: (tokens: unknown[]) => Node },
        ]
      const warm = document.createElement('div')
      warm.append(render(lex('\\(x\\)')))
      while (warm.querySelector('math') === null) await new Promise(resolve => setTimeout(resolve, 20))
      const bare = (element: Element) => element.innerHTML.replace(/>\s+</g, '><').trim()
      const found: string[] = []
      for (const [nth, text] of texts.entries()) {
        const whole = document.createElement('div')
        whole.append(render(lex(text)))
        for (const size of [1, 2, 5, 1_000]) {
          const box = document.createElement('div')
          const stream = createMarkdownStream(box, { nextFrame: (work: () => void) => queueMicrotask(work) })
          for (let at = 0; at < text.length; at += size) {
            stream.push(text.slice(at, at + size))
            await Promise.resolve()
            if (nth === 0 && box.querySelector('em, .formula.source') !== null) found.push(`${at}: ${box.innerHTML}`)
          }
          await stream.end()
          if (bare(box) !== bare(whole)) found.push(`${nth}, ${size}: ${bare(box)} instead of ${bare(whole)}`)
        }
      }
      return found
    }, texts)
    t.same(wrong, [])
    await end(t, visited)
  })

  await t.test('a hostile formula runs nothing, loads nothing and does not stall the page', async t => {
    const visited = await open()
    const { page } = visited
    const hostile = [String.raw`\href{javascript:alert(1)}{x}`,
      String.raw`\includegraphics{https://evil.invalid/x.png}`, String.raw`\htmlStyle{position:fixed}{x}`,
      String.raw`\text{<img src=x onerror=alert(1)>}`, String.raw`\def\a{\a\a}\a`,
      `${'{'.repeat(900)}x${'}'.repeat(900)}`]
    await ask(page, 'attack', hostile.map(tex => `\\(${tex}\\)`).join('\n\n'))
    await page.waitForTimeout(500)
    t.equal(await words(page).locator('a, img, [style], [onerror], [href]').count(), 0)
    await end(t, visited)
    // A page that has drawn nothing yet: it allows DOMPurify's policy once.
    const another = await open()
    await offerSources(another.page)
    for (const [name, text] of [['open', '\\('], ['open blocks', '\\[\n'], ['dollars', '$a '], ['double', '$$ '], [
      'notes',
      '[^a]',
    ], ['definitions', '[^a]: x\n']] as const) {
      const ms = await another.page.evaluate(async text => {
        const sink: string = '/assets/chat/markdown.js'
        const { lex, render } = await import(sink) as { lex: (text: string) => unknown[],
          render: (tokens: unknown[]) => Node }
        const from = performance.now()
        render(lex(text))
        return performance.now() - from
      }, text.repeat(Math.floor(60_000 / text.length)))
      t.ok(ms < 3_000, `${name}: ${Math.round(ms)} ms`)
    }
    await end(t, another)
  })

  await t.test('mermaid becomes a picture, with its source one button away; a wrong one stays source', async t => {
    const visited = await open()
    const { page } = visited
    await ask(page, 'draw',
      '```mermaid\ngraph LR\n  Start["<img src=x onerror=alert(1)>"] --> End\n```\n\n' + '```mermaid\ngraph [[[\n```\n')
    const picture = words(page).locator('.diagram img')
    await picture.waitFor({ timeout: 20_000 })
    t.ok(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth > 50)))
    t.match(await picture.getAttribute('src'), /^data:image\/svg\+xml/)
    t.equal(await words(page).locator('pre').first().isVisible(), false)
    await words(page).getByRole('button', { name: 'Source' }).click()
    t.match(await words(page).locator('pre').first().innerText(), /graph LR/)
    await words(page).getByRole('button', { name: 'Diagram', exact: true }).click()
    t.equal(await picture.isVisible(), true)
    await words(page).getByText('This diagram cannot be drawn.').waitFor()
    t.equal(await words(page).locator('pre').last().isVisible(), true, 'the source of the wrong one')
    const light = await picture.getAttribute('src')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.waitForFunction(([old]) => document.querySelector('.diagram img')?.getAttribute('src') !== old, [light])
    await end(t, visited)
  })

  await t.test('mermaid’s own examples are drawn', async t => {
    const visited = await open()
    const kinds = diagramData.filter(({ id }) =>
      ['flowchart-v2', 'sequence', 'classDiagram', 'stateDiagram', 'er', 'gantt', 'pie', 'mindmap', 'gitGraph',
        'timeline'].includes(id)
    )
    t.equal(kinds.length, 10)
    await offerSources(visited.page)
    for (const { id, examples } of kinds) {
      t.match(await drawn(visited.page, examples[0]?.code ?? ''), /^\d{2,} × \d{2,}$/, id)
    }
    await end(t, visited)
  })

  await t.test('the frame of diagrams has a policy of its own, and no other page may show it', async t => {
    const frame = await fetch(`${site.origin}/assets/chat/diagram.html`)
    const policy = frame.headers.get('content-security-policy') ?? ''
    t.match(policy, /^default-src 'none'; script-src 'self'; style-src 'unsafe-inline';.*frame-ancestors 'self'$/)
    t.notMatch(policy, /connect-src|img-src|,/)
    t.equal(frame.headers.get('x-frame-options'), 'SAMEORIGIN')
    const page = await fetch(`${site.origin}/chat`)
    t.match(page.headers.get('content-security-policy'), /style-src 'self';.*frame-ancestors 'none'/)
  })

  await t.test('footnotes lead to their notes and back; a mark without a note stays as written', async t => {
    const visited = await open()
    const { page } = visited
    await ask(page, 'notes',
      `First[^1], second[^long-name], none[^9].\n\n${'More words.\n\n'.repeat(60)}[^1]: One *note*.\n`
        + '[^long-name]: Another\n  that goes on.\n')
    const mark = words(page).getByRole('button', { name: 'Footnote 1', exact: true })
    await mark.click()
    t.match(await page.evaluate(() => document.activeElement?.textContent), /One note\./)
    t.equal(await words(page).locator('.note em').innerText(), 'note')
    t.match(await words(page).locator('.note').last().innerText(), /Another\s+that goes on\./)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    t.equal(await mark.evaluate(element => element === document.activeElement), true)
    t.match(await words(page).locator('p').first().innerText(), /none\[\^9\]\.$/)
    await end(t, visited)
  })

  await t.test('a wide table scrolls by itself at 375 px and splits no word', async t => {
    const visited = await open(undefined, { viewport: { width: 375, height: 700 } })
    const { page } = visited
    const long = 'Donaudampfschifffahrtsgesellschaft'
    await ask(page, 'table',
      `| ${long} | b | some more words to read here, and yet more |\n|---|---|---|\n`
        + `| ${long} | \`${long.toLowerCase()}_code\` | c |\n`)
    const frame = words(page).locator('.table')
    t.ok(await frame.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth))
    t.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
    t.same(await frame.evaluate(element =>
      [...element.querySelectorAll('td:first-child, th:first-child')].map(cell => {
        const range = document.createRange()
        range.selectNodeContents(cell)
        return range.getClientRects().length
      })
    ), [1, 1], 'the long word is on one line')
    await end(t, visited)
  })

  await t.test('pictures of answers and attachments open large, and Escape closes them', async t => {
    const visited = await open()
    const { page } = visited
    await page.setInputFiles('#file', { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(pixel, 'base64') })
    await page.locator('#attachments li').waitFor()
    await ask(page, 'see', `![a dot](data:image/png;base64,${pixel}) and ![far](https://evil.invalid/x.png)`)
    for (const name of ['Enlarge dot.png', 'Enlarge a dot']) {
      const button = page.getByRole('button', { name })
      await button.focus()
      await page.keyboard.press('Enter')
      const dialog = page.locator('dialog.large')
      await dialog.waitFor()
      t.equal(await dialog.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth), 1)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      t.equal(await button.evaluate(element => element === document.activeElement), true, 'the focus is back')
    }
    t.equal(await words(page).locator('a[href="https://evil.invalid/x.png"]').innerText(), 'far')
    await end(t, visited)
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    await t.test(`axe finds nothing in such an answer, ${colorScheme}, at 1440 and 375 px`, async t => {
      const visited = await open(undefined, { colorScheme, viewport: { width: 1440, height: 900 } })
      const { page } = visited
      await ask(page, 'all', String.raw`\(x\) and note[^1].

\[ \sum_{i=1}^{n} i = \frac{n(n+1)}{2} \]

${'```mermaid\ngraph LR\n  A --> B\n```'}

${'```mermaid\ngraph [[[\n```'}

| a | b |
|---|---|
| 1 | 2 |

[^1]: The note.`)
      await words(page).locator('.diagram img').waitFor({ timeout: 20_000 })
      await words(page).locator('.diagram-problem').waitFor()
      await words(page).locator('math').nth(1).waitFor()
      t.same(await axeProblems(page, ['heading-order']), [], '1440 px')
      await page.setViewportSize({ width: 375, height: 700 })
      await page.waitForTimeout(250)
      t.same(await axeProblems(page, ['heading-order']), [], '375 px')
      t.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing overflows')
      await end(t, visited)
    })
  }
}

/** The size of the picture, or why there is none. */
async function drawn (page: Page, source: string): Promise<string> {
  return page.evaluate(async source => {
    const blocks: string = '/assets/chat/code-block.js'
    const { drawCode } = await import(blocks) as {
      drawCode: (language: string, text: string, isFinal: boolean) => Element,
    }
    const figure = drawCode('mermaid', source, true)
    document.querySelector('#thread')?.append(figure)
    for (let waits = 0; waits < 600; waits++) {
      const image = figure.querySelector<HTMLImageElement>('.diagram img')
      if (image !== null) {
        await image.decode()
        return `${image.naturalWidth} × ${image.naturalHeight}`
      }
      const problem = figure.querySelector('.diagram-problem')
      if (problem !== null) return problem.textContent ?? ''
      await new Promise(resolve => setTimeout(resolve, 25))
    }
    return 'nothing'
  }, source)
}
