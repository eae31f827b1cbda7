// The cost of Markdown on the chat page while it streams: script time for a number of chunks, and the longest frame. In
// a real browser, on the real page. It is the median of several runs, because other processes take time too.
import type { Page } from 'playwright-core'
import { median } from '../fixtures/measure.ts'
import { launchBrowser, register, startNodeSite, visitAs } from '../fixtures/browser.ts'
import { offerSources } from '../pages/sources.ts'

export interface RenderFigures {
  readonly chunks: number
  readonly workMs: number
  readonly longestFrameMs: number
}

export async function benchRender (rounds = 7): Promise<readonly RenderFigures[]> {
  const site = await startNodeSite()
  const browser = await launchBrowser()
  const visited = await visitAs(browser, site.origin, await register(site), '/chat')
  try {
    await visited.page.locator('html[data-models]').waitFor({ state: 'attached' })
    await offerSources(visited.page)
    await measure(visited.page, 1_000)
    const figures = new Map<number, { workMs: number[], longestFrameMs: number[] }>()
    for (let round = 0; round < rounds; round++) {
      for (const chunks of [2_500, 5_000]) {
        const { work, longest } = await measure(visited.page, chunks)
        const known = figures.get(chunks) ?? { workMs: [], longestFrameMs: [] }
        known.workMs.push(work)
        known.longestFrameMs.push(longest)
        figures.set(chunks, known)
      }
    }
    return [...figures].map(([chunks, { workMs, longestFrameMs }]) => ({ chunks, workMs: median(workMs),
      longestFrameMs: median(longestFrameMs) })
    )
  } finally {
    await visited.close()
    await browser.close()
    await site.close()
  }
}

function measure (page: Page, chunks: number): Promise<{ work: number, longest: number }> {
  return page.evaluate(async chunks => {
    const path: string = '/assets/chat/markdown-stream.js'
    const { createMarkdownStream } = await import(path) as {
      createMarkdownStream: (
        container: Element,
        options: object,
      ) => { push: (text: string) => void, end: () => Promise<void> },
    }
    const words = ['Some words of **prose** with `code`, ', 'and a [link](https://example.com) in it. ', 'More of it\n',
      '\n', '- one item\n', '- another\n\n', '```js\n', 'const a = 1\n', 'call(a, "text")\n', '```\n\n',
      '| a | b |\n|---|---|\n| 1 | 2 |\n\n', '## Heading\n\n']
    const box = document.body.appendChild(document.createElement('div'))
    box.className = 'markdown'
    let work = 0
    let longest = 0
    const stream = createMarkdownStream(box, { nextFrame: (frame: () => void) =>
      requestAnimationFrame(() => {
        const startedAt = performance.now()
        frame()
        const took = performance.now() - startedAt
        work += took
        longest = Math.max(longest, took)
      }) })
    for (let at = 0; at < chunks; at++) {
      stream.push(words[at % words.length] ?? '')
      if (at % 100 === 99) {
        await new Promise(resolve => {
          requestAnimationFrame(resolve)
        })
      }
    }
    await stream.end()
    box.remove()
    return { work, longest }
  }, chunks)
}
