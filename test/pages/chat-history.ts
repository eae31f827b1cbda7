// Versions of answers and edits, the history and titles, in a browser.
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { register, visit, openSessionOf, type Site } from '../fixtures/browser.ts'
import { axeProblems } from './axe.ts'
import { chatActions } from './chat-actions.ts'
import { chooseModel } from './choose-model.ts'

const dayMs = 86_400_000

/** An export of this page in its first form: one list of turns, without versions. */
function exportOf (chats: readonly { title: string, updatedAt: number, words?: string }[]) {
  return { format: 'copilot-proxy-chats', version: 1,
    conversations: chats.map(({ title, updatedAt, words = '' }, at) => ({
      id: at.toString(16).padStart(24, 'a'),
      title,
      isNamed: true,
      createdAt: updatedAt,
      updatedAt,
      model: 'gpt-4.1',
      system: '',
      temperature: null,
      reasoning: '',
      turns: [turnOf(at * 2, `ask ${title}`, `answer ${title} ${words}`), turnOf(at * 2 + 1, 'and?', 'more')],
    })) }
}

function turnOf (at: number, text: string, answer: string) {
  return { id: at.toString(16).padStart(24, 'b'), text, attachments: [],
    answer: { model: 'gpt-4.1', status: 'done', text: answer, reasoning: '', error: null, finish: 'stop', usage: null,
      credits: null, startedAt: 1, ms: 1 } }
}

export async function testHistory (t: Test, browser: Browser, site: Site): Promise<void> {
  const actions = chatActions(browser, site)
  const { open, reload, end, say, last, done, shows, choose, titles, exported, sent } = actions
  const { origin, emulator } = site
  const words = (page: Page) => last(page).locator('.words').innerText()
  const place = (page: Page, kind: string) => last(page).locator(`.${kind} .place`).innerText()

  await t.test('Retry and Edit keep each version; ‹ and › switch between them, by keyboard too', async t => {
    const visited = await open()
    const { page } = visited
    for (const text of ['answer one', 'answer two']) emulator.answers.push({ text })
    await say(page, 'a question')
    t.equal(await done(page), 'answer one')
    await last(page).getByRole('button', { name: 'Retry' }).click()
    await page.getByText('answer two').waitFor()
    t.equal(await done(page), 'answer two')
    t.equal(await place(page, 'answers'), '2/2')
    emulator.answers.push({ text: 'below two' })
    await say(page, 'after two')
    await done(page)
    const first = page.locator('.turn').first()
    await first.getByRole('button', { name: 'Previous answer' }).focus()
    await page.keyboard.press('Enter')
    t.equal(await words(page), 'answer one')
    await shows(t, page, ['a question'], 'what follows belongs to its version')
    t.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Next answer',
      'the focus stays on the switch')
    t.equal(await first.getByRole('button', { name: 'Previous answer' }).isDisabled(), true)
    await page.keyboard.press('Enter')
    await shows(t, page, ['a question', 'after two'])
    t.equal(sent().at(-1)?.messages[1]?.content, 'answer two', 'the request follows the path on the screen')

    await first.hover()
    await first.getByRole('button', { name: 'Edit' }).click()
    await page.getByText('The old one stays.').waitFor()
    emulator.answers.push({ text: 'to the edit' })
    await say(page, 'another question')
    await page.getByText('to the edit').waitFor()
    await done(page)
    t.equal(await place(page, 'questions'), '2/2')
    t.equal(await page.locator('.answers').count(), 0)
    await page.route('**/chat/completions', route => route.abort())
    await last(page).getByRole('button', { name: 'Retry' }).click()
    await page.getByText('The connection broke.').waitFor()
    t.equal(await place(page, 'answers'), '2/2')
    await page.getByRole('button', { name: 'Previous answer' }).click()
    t.equal(await words(page), 'to the edit', 'Retry without a network destroys nothing')
    await page.getByRole('button', { name: 'Previous version of your message' }).click()
    await shows(t, page, ['a question', 'after two'])
    await page.unroute('**/chat/completions')

    const file = await exported(page)
    const { conversations: [chat] } = JSON.parse(await readFile(file, 'utf8')) as {
      conversations: [{ turns: { parent: string | null, answer: { text: string } }[] }],
    }
    t.same(chat.turns.map(({ answer }) => answer.text), ['answer one', 'answer two', 'below two', 'to the edit', ''])
    await reload(page)
    await shows(t, page, ['a question', 'after two'], 'a reload shows the same versions')
    await choose(page, 'a question', 'Delete')
    await page.locator('.toast').waitFor()
    await reload(page)
    t.match(await actions.import(page, 'chats.json', await readFile(file)), /1 of 1 chat was imported/)
    await page.locator('#history .title').click()
    await shows(t, page, ['a question', 'after two'])
    await page.locator('.turn').first().getByRole('button', { name: 'Next version of your message' }).click()
    t.equal(await place(page, 'questions'), '2/2')
    t.match(await actions.import(page, 'chats.json', await readFile(file)),
      /0 of 1 chat was imported[\s\S]*chat that is here already/)
    await end(t, visited)
  })

  await t.test('chats that an older page stored are still there, once its tab is closed', async t => {
    const person = await register(site)
    const visited = await visit(browser, origin, '/')
    const { page: first } = visited
    await openSessionOf(first, person)
    await first.evaluate(({ user, chats }) =>
      new Promise<void>(resolve => {
        const request = indexedDB.open('copilot-proxy', 1)
        request.onupgradeneeded = () => {
          request.result.createObjectStore('conversations', { keyPath: 'id' }).createIndex('user', 'user')
          request.result.createObjectStore('files', { keyPath: 'id' }).createIndex('conversation', 'conversation')
        }
        request.onsuccess = () => {
          const transaction = request.result.transaction('conversations', 'readwrite')
          for (const chat of chats) transaction.objectStore('conversations').put({ ...chat, user })
          transaction.oncomplete = () => resolve()
        }
      }), { user: person.username,
      chats: exportOf([{ title: 'old', updatedAt: 1 }, { title: '', updatedAt: 2 }]).conversations })
    const page = await visited.context.newPage()
    await page.goto(`${origin}/chat`)
    await page.getByText('Reload or close its other tabs').waitFor()
    await first.close()
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    t.same(await titles(page), ['ask', 'old'])
    await page.locator('#history .title', { hasText: 'old' }).click()
    await shows(t, page, ['ask old', 'and?'])
    await last(page).getByRole('button', { name: 'Retry' }).click()
    await done(page)
    t.equal(await place(page, 'answers'), '2/2')
    await end(t, visited)
  })

  await t.test('the history: by date, pinned chats, tags, search in all messages, delete and undo', async t => {
    const visited = await open()
    const { page } = visited
    const now = Date.now()
    await actions.import(page, 'old.json',
      exportOf([{ title: 'Fresh', updatedAt: now }, { title: 'Yesterday’s', updatedAt: now - dayMs }, { title: 'Weekly',
        updatedAt: now - 5 * dayMs, words: 'a NEEDLE in the hay' }, {
        title: 'Ancient',
        updatedAt: Date.UTC(2020, 4, 15),
      }]))
    t.same(await page.locator('#history h2').allInnerTexts(), ['Today', 'Yesterday', 'Previous 7 days', 'May 2020'])
    await choose(page, 'Ancient', 'Pin')
    t.same(await page.locator('#history h2').allInnerTexts(), ['Pinned', 'Today', 'Yesterday', 'Previous 7 days'])
    t.same(await titles(page), ['Ancient', 'Fresh', 'Yesterday’s', 'Weekly'])
    for (const title of ['Fresh', 'Weekly']) {
      await choose(page, title, 'Tags')
      await page.keyboard.type(title === 'Fresh' ? 'work' : 'work, home,work')
      await page.keyboard.press('Enter')
    }
    await page.getByRole('button', { name: 'home', exact: true }).click()
    t.same(await titles(page), ['Weekly'])
    await page.getByRole('button', { name: 'home', exact: true }).click()
    await page.getByRole('button', { name: 'work', exact: true }).click()
    t.same(await titles(page), ['Fresh', 'Weekly'])
    await page.getByRole('button', { name: 'work', exact: true }).click()

    await page.fill('#search', 'needle hay')
    await page.locator('#history mark').waitFor()
    t.same(await titles(page), ['Weekly'])
    t.match(await page.locator('#history .place').innerText(), /answer Weekly a NEEDLE in the hay/)
    await page.locator('#history .title').click()
    await shows(t, page, ['ask Weekly', 'and?'])
    await page.fill('#search', 'nowhere at all')
    await page.getByText('Nothing found.').waitFor()
    await page.fill('#search', '')

    await choose(page, 'Weekly', 'Delete')
    await page.getByText('“Weekly” is deleted.').waitFor()
    t.same(await titles(page), ['Ancient', 'Fresh', 'Yesterday’s'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.locator('.bubble', { hasText: 'ask Weekly' }).waitFor()
    t.same(await titles(page), ['Ancient', 'Fresh', 'Yesterday’s', 'Weekly'])
    await choose(page, 'Fresh', 'Delete')
    await page.getByText('“Fresh” is deleted.').waitFor()
    await reload(page)
    t.same(await titles(page), ['Ancient', 'Yesterday’s', 'Weekly'], 'deleted when the page ends')
    await choose(page, 'Yesterday’s', 'Delete')
    await page.getByText('“Yesterday’s” is deleted.').waitFor()
    await page.clock.install()
    await choose(page, 'Weekly', 'Delete')
    await page.getByText('“Weekly” is deleted.').waitFor()
    await page.clock.fastForward(11_000)
    await page.locator('.toast').waitFor({ state: 'detached' })
    t.equal(await stored(page, 'Weekly'), 0, 'after the notice nothing of it is on the device')
    await reload(page)
    t.same(await titles(page), ['Ancient'])
    await end(t, visited)
  })

  await t.test('a free model writes titles only if the user wants it; without it the first words stay', async t => {
    const visited = await open()
    const { page } = visited
    await chooseModel(page, 'claude-sonnet-4.5')
    await say(page, 'no title please')
    await done(page)
    const before = sent().length
    await page.click('#options')
    t.equal(await page.getByLabel('Let a free model write the titles').isChecked(), false, 'off by default')
    await page.getByLabel('Let a free model write the titles').check()
    await page.click('#options-close')
    await page.click('#new')
    await chooseModel(page, 'claude-sonnet-4.5')
    for (const text of ['About pears.', '"Pears and Apples"\n']) emulator.answers.push({ text })
    await say(page, 'what is a pear?')
    await page.locator('#history .name', { hasText: 'Pears and Apples' }).waitFor()
    t.same(await titles(page), ['Pears and Apples', 'no title please'])
    const request = emulator.requests.findLast(({ path }) => path === '/chat/completions')
    t.equal(sent().length, before + 2, 'one more request')
    t.equal((request?.json as { model: string }).model, 'gpt-4.1', 'of a free model')
    await page.click('#new')
    emulator.answers.push({ text: 'An answer.' })
    await page.route('**/chat/completions',
      route =>
        (route.request().postDataJSON() as { stream: boolean }).stream
          ? route.continue()
          : route.fulfill({ status: 500, json: {} }))
    await chooseModel(page, 'gpt-4.1')
    await say(page, 'silent failure')
    await done(page)
    await page.waitForTimeout(300)
    t.same(await titles(page), ['silent failure', 'Pears and Apples', 'no title please'])
    t.equal(await page.locator('.banner.bad').count(), 0)
    await end(t, visited)
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [375, 1_440]) {
      await t.test(`axe finds nothing in versions, history and import, ${colorScheme}, ${width} px`, async t => {
        const visited = await open(undefined, { colorScheme, viewport: { width, height: 800 } })
        const { page } = visited
        await actions.import(page, 'old.json',
          exportOf([{ title: 'A chat of yesterday with a long title', updatedAt: Date.now() - dayMs,
            words: 'some words' }]))
        await say(page, 'a question')
        await done(page)
        await last(page).getByRole('button', { name: 'Retry' }).click()
        await page.locator('.versions').waitFor()
        await done(page)
        t.same(await axeProblems(page, ['heading-order']), [], 'versions')
        if (width < 800) await page.click('#history-toggle')
        await choose(page, 'A chat of yesterday', 'Tags')
        await page.keyboard.type('one, two')
        await page.keyboard.press('Enter')
        await page.fill('#search', 'words')
        await page.locator('#history mark').waitFor()
        await page.getByRole('button', { name: 'More for A chat' }).click()
        await page.locator('.menu').waitFor()
        t.same(await axeProblems(page, ['heading-order']), [], 'menu, search and tags')
        await page.getByRole('menuitem', { name: 'Delete' }).click()
        t.same(await axeProblems(page, ['heading-order']), [], 'undo')
        t.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'no overflow')
        await end(t, visited)
      })
    }
  }
}

/** How many records of the database hold this text. */
async function stored (page: Page, text: string): Promise<number> {
  return page.evaluate(text =>
    new Promise<number>(resolve => {
      indexedDB.open('copilot-proxy').onsuccess = ({ target }) => {
        const { result } = target as IDBOpenDBRequest
        const names = [...result.objectStoreNames]
        const transaction = result.transaction(names)
        let count = 0
        for (const name of names) {
          transaction.objectStore(name).getAll().onsuccess = ({ target }) => {
            count +=
              (target as IDBRequest<unknown[]>).result.filter(record => JSON.stringify(record).includes(text)).length
          }
        }
        transaction.oncomplete = () => {
          result.close()
          resolve(count)
        }
      }
    }), text)
}
