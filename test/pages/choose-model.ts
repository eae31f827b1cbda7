// Chooses a model on the chat page, as a person with a keyboard does.
import type { Page } from 'playwright-core'

export async function chooseModel (page: Page, id: string): Promise<void> {
  await page.click('#model')
  await page.locator('input[role="combobox"]').fill(id)
  await page.locator(`.model-list [data-model="${id}"]`).click()
  await page.locator(`#model[data-model="${id}"]`).waitFor()
}
