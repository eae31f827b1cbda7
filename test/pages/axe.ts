// The serious findings of axe-core, as lines.
import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** @param ignored rules that a model's text may break, such as the order of its headings */
export async function axeProblems (page: Page, ignored: readonly string[] = []): Promise<string[]> {
  // The debugger evaluates it, so the page's policy does not apply.
  await page.evaluate(axe.source)
  // A colour on its way to another one has a contrast that nobody designed.
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(moving.map(({ finished }) => finished))
  })
  const results = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: (
          options: object,
        ) => Promise<
          { violations: { id: string, impact: string | null, nodes: { html: string, failureSummary?: string }[] }[] }
        >,
      },
    }
    return (await axe.run({ resultTypes: ['violations'] })).violations
  })
  return results.filter(({ impact }) => impact !== 'minor').filter(({ id }) => !ignored.includes(id)).flatMap((
    { id, impact, nodes },
  ) =>
    nodes.slice(0, 3).map(node =>
      `${impact}: ${id}: ${node.html.slice(0, 160)} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`
    )
  )
}
