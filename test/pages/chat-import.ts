// Import of other programs' exports, in a browser. test/pages/chat-import.test.ts reads every field of them.
import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { strToU8, zipSync } from 'fflate'
import { register, type Site } from '../fixtures/browser.ts'
import { axeProblems } from './axe.ts'
import { chatActions, pixel } from './chat-actions.ts'
import { chatGpt, openWebUi } from './chat-exports.ts'

/** With a hash in its name where the pages are built. */
const unzip = /\/unzip(?:-\w+)?\.js$/

export async function testImport (t: Test, browser: Browser, site: Site): Promise<void> {
  const actions = chatActions(browser, site)
  const { open, end, say, done, shows, last, sent } = actions

  await t.test("ChatGPT's archive and Open WebUI's export: versions, pictures, and why parts are missing", async t => {
    const visited = await open()
    const { page } = visited
    const loaded: string[] = []
    page.on('request', request => loaded.push(new URL(request.url()).pathname))
    t.notOk(loaded.some(path => unzip.test(path)), 'nothing of it is loaded before')
    const archive = Buffer.from(
      zipSync({ 'conversations.json': strToU8(JSON.stringify(chatGpt)), 'chat.html': strToU8('x'),
        'file-abc-photo.png': pixel }),
    )
    const report = await actions.import(page, 'export.zip', archive)
    t.match(report, /2 of 2 chats were imported\.[\s\S]*Left out, and why:[\s\S]*2 × message from or to a tool/)
    t.match(report, /1 × chat without readable messages\nDamaged/)
    t.notMatch(report, /picture that the export does not contain/, 'the archive has the picture')
    t.ok(loaded.some(path => unzip.test(path)))
    await page.locator('#history .title', { hasText: 'Deploying' }).click()
    await shows(t, page, ['How do I roll back?', 'And if that fails?'])
    await page.locator('.question img').waitFor()
    const first = page.locator('.turn').first()
    await first.getByRole('button', { name: 'Next answer' }).click()
    await first.getByText('Use the console.').waitFor()
    await first.locator('summary').click()
    t.match(await first.locator('.thought').innerText(), /Which tool\?/)
    await say(page, 'go on')
    await done(page)
    t.match(sent().at(-1)?.messages.at(1)?.content, /Use the console\./)
    t.match(await actions.import(page, 'export.zip', archive), /0 of 2 chats were imported/)

    t.match(await actions.import(page, 'webui.json', openWebUi), /1 of 1 chat was imported/)
    await page.getByRole('button', { name: 'maths', exact: true }).waitFor()
    await page.locator('#history .title', { hasText: 'Sums' }).click()
    await shows(t, page, ['What is 15 * 17?'])
    t.equal(await last(page).locator('.answers .place').innerText(), '2/2')
    await end(t, visited)
  })

  await t.test('an import takes no chat of another user of this device', async t => {
    const [first, second] = [await register(site), await register(site)]
    const visited = await open(first)
    const { page } = visited
    await say(page, 'mine')
    await done(page)
    const file = await actions.exported(page)
    const signIn = async ({ username, password }: typeof first) => {
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.fill('#gate-username', username)
      await page.fill('#gate-password', password)
      await page.press('#gate-password', 'Enter')
      await page.locator('#who', { hasText: username }).waitFor()
    }
    await signIn(second)
    t.match(await actions.import(page, 'chats.json', await readFile(file)), /1 of 1 chat was imported/)
    await signIn(first)
    await page.locator('#history .title', { hasText: 'mine' }).click()
    await shows(t, page, ['mine'])
    await end(t, visited)
  })

  await t.test('a damaged archive and a foreign one are refused with a reason', async t => {
    const visited = await open()
    const { page } = visited
    const give = (buffer: Buffer) =>
      page.setInputFiles('#import-file', { name: 'x.zip', mimeType: 'application/zip', buffer })
    await give(Buffer.from('PK\u0003\u0004 nothing'))
    await page.getByText('That archive is damaged or too large.').waitFor()
    await give(Buffer.from(zipSync({ 'other.json': strToU8('{}') })))
    await page.getByText('That file holds no chats of this page').waitFor()
    await end(t, visited)
  })

  await t.test('the report of an import has no axe violation on a phone, in both themes', async t => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const visited = await open(undefined, { colorScheme, viewport: { width: 375, height: 740 } })
      const { page } = visited
      await page.setInputFiles('#import-file', { name: 'x.json', mimeType: 'application/json',
        buffer: Buffer.from(JSON.stringify(chatGpt)) })
      await page.locator('#import-dialog[open]').waitFor()
      t.same(await axeProblems(page, ['heading-order']), [], colorScheme)
      t.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
      await end(t, visited)
    }
  })
}
