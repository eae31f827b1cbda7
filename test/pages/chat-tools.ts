// The tools around the message: the list of models, presets, web search, keys and the quota. On either runtime.
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { register } from '../fixtures/browser.ts'
import { axeProblems } from './axe.ts'
import type { ChatWorld } from './chat-world.ts'
import { chooseModel } from './choose-model.ts'

export async function testChatTools (t: Test, { open, end, ask, sent, site }: ChatWorld): Promise<void> {
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const marked = async (page: Page) => {
    const id = await page.locator('input[role="combobox"]').getAttribute('aria-activedescendant')
    return page.locator(`#${id}`).getAttribute('data-model')
  }

  await t.test('the first load of the chat loads nothing that is used rarely', async t => {
    const visited = await open()
    const { page } = visited
    const loaded: string[] = []
    page.on('request', request => loaded.push(new URL(request.url()).pathname))
    await page.reload()
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    await page.locator('#quota:not([hidden])').waitFor()
    t.same(
      loaded.filter(path =>
        /model-list|presets|keys-help|diagram|documents\/(?!kind|limits)|vendor\/(?!markdown)/.test(path)
      ),
      [],
    )
    await end(t, visited)
  })

  await t.test('the list of models: search, facts, keys, favourites', async t => {
    const person = await register(site)
    const visited = await open(person)
    const { page } = visited
    await page.click('#model')
    const search = page.locator('input[role="combobox"]')
    await search.waitFor()
    t.equal(await search.evaluate(element => element === document.activeElement), true)
    t.equal(await marked(page), 'gpt-4.1', 'the current model is marked')
    t.same(
      await page.getByRole('listbox').getByRole('option', { selected: true }).evaluateAll(all =>
        all.map(one => (one as HTMLElement).dataset['model'])
      ),
      ['gpt-4.1'],
    )
    await search.fill('claude sonnet vision')
    const facts = await page.locator('[data-model="claude-sonnet-4.5"]').innerText()
    t.match(facts, /Claude Sonnet 4\.5[^]*1× premium[^]*200K context[^]*vision[^]*tools/)
    t.same(await page.locator('.model-list [data-model^="gpt"]').count(), 0)
    await search.fill('no such model')
    await page.getByText('No model matches.').first().waitFor()
    await page.keyboard.press('Enter')
    t.equal(await search.isVisible(), true, 'Enter chooses nothing then')
    await search.fill('')
    const first = await marked(page)
    await page.keyboard.press('ArrowDown')
    t.not(await marked(page), first)
    await page.keyboard.press('ArrowUp')
    t.equal(await marked(page), first)
    await page.keyboard.press('ArrowUp')
    t.not(await marked(page), first, 'from the first to the last')
    await page.keyboard.press('PageUp')
    await page.keyboard.press('Escape')
    t.equal(await page.locator('#model').evaluate(element => element === document.activeElement), true)
    t.equal(await page.locator('#model').getAttribute('data-model'), 'gpt-4.1', 'Escape changes nothing')

    await page.keyboard.press('Enter')
    await search.fill('claude-sonnet-4.5')
    await page.getByRole('button', { name: 'Make Claude Sonnet 4.5 a favourite' }).click()
    await search.fill('')
    t.equal(await page.getByRole('listbox').getByRole('group').first().getAttribute('aria-label'), 'Favourites')
    await page.locator('[data-model="gpt-4o"] .star').click()
    t.equal(await page.getByRole('group', { name: 'Favourites' }).getByRole('option').count(), 2)
    await search.focus()
    await search.fill('claude-sonnet-4.5')
    await page.keyboard.press('Enter')
    t.match(await page.locator('#model').innerText(), /Claude Sonnet 4\.5/)
    await ask(page, 'hi')
    t.equal(sent().model, 'claude-sonnet-4.5')
    await page.reload()
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    t.equal(await page.locator('#model').getAttribute('data-model'), 'claude-sonnet-4.5', 'the choice is kept')
    await page.click('#model')
    await search.waitFor()
    t.equal(await page.getByRole('group', { name: 'Favourites' }).getByRole('option').count(), 2)
    await end(t, visited)
  })

  await t.test('presets: save, apply, rename, delete; what a model cannot take is left out and named', async t => {
    const visited = await open()
    const { page } = visited
    const status = page.locator('#presets [role="status"]')
    await chooseModel(page, 'claude-sonnet-4.5')
    await page.click('#options')
    await page.fill('#system', 'Be brief.')
    await page.locator('#temperature').fill('0.3')
    await button(page, 'Save as a preset').click()
    await status.filter({ hasText: 'Give the preset a name.' }).waitFor()
    await page.fill('#preset-name', 'Pirate <b>')
    await button(page, 'Save as a preset').click()
    await status.filter({ hasText: '“Pirate <b>” is saved.' }).waitFor()
    await page.click('#options-close')

    await button(page, 'New chat').click()
    await chooseModel(page, 'gpt-4.1')
    await page.reload()
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    await page.click('#options')
    await page.selectOption('#preset', 'Pirate <b>')
    await button(page, 'Apply').click()
    await status.filter({ hasText: /^“Pirate <b>” is applied\.$/ }).waitFor()
    t.equal(await page.inputValue('#system'), 'Be brief.')
    await page.fill('#preset-name', 'Captain')
    await button(page, 'Rename').click()
    await status.filter({ hasText: '“Captain” is saved.' }).waitFor()
    await page.click('#options-close')
    await ask(page, 'hi')
    t.match(sent(), { model: 'claude-sonnet-4.5', temperature: 0.3,
      messages: [{ role: 'system', content: 'Be brief.' }] })

    // A preset for a model that has gone, and settings that the current one does not take.
    await page.evaluate(() => {
      const key = Object.keys(localStorage).find(name => name.startsWith('copilot-proxy.presets.')) ?? ''
      const [captain] = JSON.parse(localStorage.getItem(key) ?? '[]') as object[]
      localStorage.setItem(key,
        JSON.stringify([captain, { name: 'Old', model: 'gone-1', system: '', temperature: 0.5, reasoning: 'extreme' }, {
          name: 7,
        }, null]))
    })
    await chooseModel(page, 'gpt-5-mini')
    await page.click('#options')
    await page.locator('#preset option', { hasText: 'Old' }).waitFor({ state: 'attached' })
    t.same(await page.locator('#preset option').allInnerTexts(), ['Choose a preset', 'Captain', 'Old'])
    await page.selectOption('#preset', 'Old')
    await button(page, 'Apply').click()
    const shown = await status.filter({ hasText: 'is applied' }).innerText()
    t.match(shown, /The model gone-1 is not offered now\. .* stays\./)
    t.match(shown, /has a fixed temperature/)
    t.match(shown, /has no reasoning effort “extreme”/)
    t.same(await axeProblems(page), [])
    await button(page, 'Delete').click()
    await status.filter({ hasText: '“Old” is deleted.' }).waitFor()
    await page.click('#options-close')
    await ask(page, 'hi again')
    t.match(sent(), { model: 'gpt-5-mini' })
    t.notOk('temperature' in sent() || 'reasoning_effort' in sent(), 'neither is sent')
    await end(t, visited)
  })

  await t.test('the web is searched if the user wants it, and the answer lists its sources', async t => {
    const visited = await open()
    const { page } = visited
    for (const model of ['claude-sonnet-4.5', 'gpt-5-mini']) {
      await button(page, 'New chat').click()
      await chooseModel(page, model)
      t.equal(await button(page, 'Search the web').getAttribute('aria-pressed'), 'false', 'off in a new chat')
      await button(page, 'Search the web').click()
      await ask(page, 'search the web for "tides in Bergen"')
      const source = page.locator('.turn').last().locator('.sources a')
      t.equal(await source.first().getAttribute('href'), 'https://tides.example/bergen', model)
      t.match(await source.first().getAttribute('rel'), /noopener noreferrer/)
      t.equal(await page.locator('.turn .banner.bad').count(), 0, 'the answer is complete')
      t.match(await page.locator('.turn').last().locator('.cost').innerText(), /\d+ in, \d+ out/)
      t.match(await page.locator('.turn').last().locator('.sources h3').innerText(), /^\d+ sources?$/)
    }
    t.same(await axeProblems(page, ['heading-order']), [])
    await page.reload()
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    await page.locator('#history .title').first().click()
    await page.locator('.sources a').first().waitFor()
    t.equal(await button(page, 'Search the web').getAttribute('aria-pressed'), 'true', 'kept with the chat')
    await button(page, 'Search the web').click()
    await ask(page, 'and now without')
    t.notOk(JSON.stringify(sent()).includes('web_search'))
    await page.route('**/v1/models', async route => {
      const answer = await route.fetch()
      const list = await answer.json() as { data: { id: string }[] }
      await route.fulfill({ response: answer,
        json: { ...list, data: list.data.filter(({ id }) => /^claude/.test(id)) } })
    })
    await page.reload()
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    t.equal(await page.locator('#web').isVisible(), false, 'no switch on a seat that cannot search')
    await end(t, visited)
  })

  await t.test('sources that are no web addresses are not linked', async t => {
    const visited = await open()
    const { page } = visited
    const cited = (url: unknown) => ({ type: 'url_citation', url_citation: { url, title: '<b>t</b>' } })
    const chunk = {
      choices: [{
        delta: { content: 'x',
          annotations: [cited('javascript:alert(1)'), cited(7), null, cited('https://ok.example/a'),
            cited('https://ok.example/a')] },
        finish_reason: 'stop',
      }],
    }
    await page.route('**/chat/completions',
      route =>
        route.fulfill({ contentType: 'text/event-stream', body: `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n` }))
    await ask(page, 'go')
    t.same(await page.locator('.sources a').evaluateAll(links => links.map(link => link.getAttribute('href'))), [
      'https://ok.example/a',
    ])
    t.equal(await page.locator('.sources a').innerText(), '<b>t</b>')
    await end(t, visited)
  })

  await t.test('the help lists the shortcuts, and each of them works', async t => {
    const visited = await open()
    const { page } = visited
    await page.fill('#message', '')
    await page.keyboard.type('?')
    t.equal(await page.inputValue('#message'), '?', 'in the box it is a character')
    await page.fill('#message', '')
    await page.locator('#thread-scroll').focus()
    await page.keyboard.press('?')
    const help = page.locator('dialog.keys-help')
    await help.waitFor()
    t.equal(await help.locator('dt').count(), 9)
    t.same(await axeProblems(page), [])
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
    await page.keyboard.press('m')
    await page.locator('input[role="combobox"]').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    t.equal(await page.evaluate(() => document.activeElement?.id), 'message')
    await page.keyboard.type('one')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('two')
    t.equal(await page.inputValue('#message'), 'one\ntwo')
    await page.keyboard.press('Enter')
    await page.locator('.turn .cost').waitFor()
    await page.keyboard.press('ArrowUp')
    t.equal(await page.inputValue('#message'), 'one\ntwo')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    t.equal(await page.evaluate(() => document.activeElement?.id), 'search')
    await page.keyboard.press('Control+Shift+O')
    await page.locator('.turn').waitFor({ state: 'detached' })
    await button(page, 'Keyboard shortcuts').click()
    await help.waitFor()
    await end(t, visited)
  })

  await t.test('the quota is in sight, follows the answers and leads to the usage', async t => {
    const visited = await open(await register(site, { kind: 'free' }))
    const { page } = visited
    const line = page.locator('#quota')
    await line.waitFor()
    t.match(await line.innerText(), /^\d+ % of the quota left$/)
    t.match(await line.getAttribute('title'), /of .* left/)
    const asked = page.waitForRequest('**/v1/usage')
    await ask(page, 'hi')
    await asked
    await page.route('**/v1/usage', async route => {
      const answer = await route.fetch()
      const report = await answer.json() as { buckets: object[] }
      await route.fulfill({ response: answer,
        json: { ...report,
          buckets: [{ id: 'chat', kind: 'metered', entitlement: 300, used: 290, remaining: 10, percent_remaining: 3.33,
            resets_at: null }, ...report.buckets] } })
    })
    await ask(page, 'hi')
    await page.locator('#quota.low').waitFor()
    t.equal(await line.innerText(), '3 % of the quota left')
    t.same(await axeProblems(page, ['heading-order']), [])
    await line.click()
    await page.waitForURL(`${site.origin}/#usage`)
    await end(t, visited)
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    await t.test(`axe finds nothing in the list of models and the presets, ${colorScheme}, at 375 px`, async t => {
      const visited = await open(undefined, { colorScheme, viewport: { width: 375, height: 700 } })
      const { page } = visited
      await page.click('#model')
      await page.locator('input[role="combobox"]').waitFor()
      t.same(await axeProblems(page), [], 'models')
      t.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
      await page.locator('input[role="combobox"]').fill('nothing at all')
      t.same(await axeProblems(page), [], 'no model')
      await page.keyboard.press('Escape')
      await page.click('#options')
      await page.locator('#preset').waitFor()
      t.same(await axeProblems(page), [], 'presets')
      t.equal(
        await page.locator('#options-dialog').evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth),
        true,
      )
      await end(t, visited)
    })
  }
}
