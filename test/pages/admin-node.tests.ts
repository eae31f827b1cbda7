import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { launchBrowser, remoteHost, startNodeSite, visit } from '../fixtures/browser.ts'
import { adminSettings, testAdminPage } from './admin.ts'

const folder = mkdtempSync(join(tmpdir(), 'copilot-proxy-admin-'))
const site = await startNodeSite({ ...adminSettings, STORE: 'sqlite', DATA_DIR: folder })
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
  rmSync(folder, { recursive: true, force: true })
})
await testAdminPage(t, browser, site, process.env['SHOTS'] ?? null)

await t.test('the backup is downloaded as a file', async t => {
  const visited = await visit(browser, site.origin, '/admin')
  const { page } = visited
  await page.fill('#admin-token', adminSettings.ADMIN_TOKEN)
  await page.click('#admin-enter')
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#backup-link')])
  t.match(download.suggestedFilename(), /^copilot-proxy-\d{4}-\d\d-\d\d\.sqlite$/)
  t.equal(await download.failure(), null)
  t.same(visited.complaints, [])
  await visited.close()
})

await t.test('over plain http of another machine the page works as well', async t => {
  const { port } = new URL(site.origin)
  const visited = await visit(browser, `http://${remoteHost}:${port}`, '/admin')
  const { page } = visited
  await page.fill('#admin-token', adminSettings.ADMIN_TOKEN)
  await page.click('#admin-enter')
  await page.click('#invites-save')
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  await page.reload()
  await page.locator('#admin-home').waitFor()
  t.match(await page.locator('#status-body').innerText(), /SQLite/)
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#backup-link')])
  t.equal(await download.failure(), null, 'the referrer shows that the request comes from the page')
  t.same(visited.complaints, [])
  await visited.close()
})
