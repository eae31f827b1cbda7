// The chat page in a browser, on either runtime: every part of the acceptance list, and linear work.
import type { Browser, Page } from 'playwright-core'
import { assertServed } from '../faults/frame.ts'
import { register, remoteHost, visit, visitAs, type Person, type Site, type Visit } from '../fixtures/browser.ts'
import { axeProblems } from './axe.ts'
import { chooseModel } from './choose-model.ts'
import { offerSources } from './sources.ts'
import type { Test } from 'tap'

/** A PNG of one pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export async function testChatPage (t: Test, browser: Browser, site: Site): Promise<void> {
  const { origin, emulator } = site
  const open = async (person?: Person, options: Parameters<typeof visit>[3] = {}): Promise<Visit> => {
    const visited = await visitAs(browser, origin, person ?? await register(site), '/chat', options)
    await visited.page.locator('html[data-models]').waitFor({ state: 'attached' })
    return visited
  }
  const end = async (t: Test, visited: Visit) => {
    t.same(visited.complaints, [], 'no violation, script error or foreign request')
    await visited.close()
  }
  const say = async (page: Page, text: string) => {
    await page.fill('#message', text)
    await page.press('#message', 'Enter')
  }
  const lastAnswer = (page: Page) => page.locator('.turn').last().locator('.answer')
  const done = async (page: Page) => {
    await lastAnswer(page).locator('.cost').waitFor()
    return lastAnswer(page).locator('.words').innerText()
  }
  const sent = () =>
    emulator.requests.findLast(({ path }) => /completions|responses|messages/.test(path))?.json as { model: string,
      messages: { role: string, content: unknown }[] } & Record<string, unknown>
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

  await t.test('sign in to the chat, and again after the password changes', async t => {
    const person = await register(site)
    const visited = await visit(browser, origin, '/chat')
    const { page } = visited
    await page.fill('#gate-username', person.username)
    await page.fill('#gate-password', 'acpc-wrongwrong')
    await page.click('#gate-button')
    await page.getByText('User name or password is wrong.').waitFor()
    await page.fill('#gate-password', person.password)
    await page.press('#gate-password', 'Enter')
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    t.same(
      await page.evaluate(() => [Object.keys(sessionStorage).filter(name =>
        !/\.(?:opened|user)$/.test(name)
      ), document.cookie]),
      [[], ''],
      'no script can read the session: there is only the name of the user',
    )
    // As minutes later. Until then the page takes a refusal for a session that KV does not show everywhere yet.
    await page.evaluate(() => {
      sessionStorage.clear()
    })
    await page.click('#model')
    t.equal(await page.getByRole('listbox').getByRole('group').first().getAttribute('aria-label'), 'Free',
      'free models first')
    await page.keyboard.press('Escape')
    const changed = 'acpc-changed000'
    await fetch(`${origin}/users/password`, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...person, new_password: changed }) })
    await say(page, 'are you there?')
    await page.getByText('Your session has ended. Sign in again; your chat is kept.').waitFor()
    await page.fill('#gate-password', changed)
    await page.press('#gate-password', 'Enter')
    await page.locator('#history .title').click()
    t.match(await page.locator('.turn').innerText(), /are you there\?/, 'the message is still there')
    await button(page, 'Retry').click()
    t.match(await done(page), /Hello from/)
    await end(t, visited)
  })

  await t.test('another user of the same tab gets an empty page and chats of their own', async t => {
    const [first, second] = [await register(site), await register(site)]
    const visited = await open(first)
    const { page } = visited
    await page.click('#options')
    await page.fill('#system', 'The first user is a pirate.')
    await page.click('#options-close')
    await page.fill('#message', 'a draft of the first user')
    await page.setInputFiles('#file', { name: 'first.txt', mimeType: 'text/plain', buffer: Buffer.from('private') })
    await page.locator('#attachments li').waitFor()
    await button(page, 'Sign out').click()
    const signIn = async ({ username, password }: Person) => {
      await page.fill('#gate-username', username)
      await page.fill('#gate-password', password)
      await page.press('#gate-password', 'Enter')
      await page.locator('#who', { hasText: username }).waitFor()
    }
    await signIn(second)
    t.equal(await page.inputValue('#message'), '')
    t.equal(await page.locator('#attachments li').count(), 0)
    await say(page, 'mine')
    await done(page)
    t.same(sent().messages, [{ role: 'user', content: 'mine' }])
    await button(page, 'Sign out').click()
    await signIn(first)
    await page.getByText('Your chats will appear here.').waitFor()
    t.equal(await page.locator('#history .title').count(), 0, 'the first user does not see the chat of the second')
    await button(page, 'Sign out').click()
    await signIn(second)
    await page.locator('#history .title', { hasText: 'mine' }).waitFor()
    await end(t, visited)
  })

  await t.test('without a list of models the page keeps the message and refuses files', async t => {
    const visited = await visitAs(browser, origin, await register(site), '/')
    const { page } = visited
    await page.route('**/v1/models',
      route => route.fulfill({ status: 503, json: { error: { message: 'Down.', code: 'x' } } }))
    await page.goto(`${origin}/chat`)
    await page.getByText('Models could not be loaded. Down.').waitFor()
    await page.setInputFiles('#file', { name: 'pixel.png', mimeType: 'image/png', buffer: pixel })
    await page.getByText('Choose a model first, then attach files.').waitFor()
    await say(page, 'kept words')
    await page.getByText('Choose a model first.', { exact: true }).waitFor()
    t.equal(await page.inputValue('#message'), 'kept words')
    await end(t, visited)
  })

  await t.test('a streamed answer: Markdown, coloured code to copy, folded reasoning, tokens and credits', async t => {
    const visited = await open(undefined, { permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = visited
    await chooseModel(page, 'claude-sonnet-4.5')
    t.match(await page.locator('#model-info').innerText(),
      /1× premium.*200K context.*5 images at a time, 1 MB each.*PDFs/)
    const text =
      'Some **bold** words.\n\n```js\nconst one = 1\n\nlet two\n```\n\n- a\n- b\n\n| x | y |\n|---|--:|\n| 1 | 2 |\n'
    emulator.answers.push({ reasoning: 'I think about it.', text: [...text] })
    await say(page, 'show me')
    await done(page)
    const answer = lastAnswer(page)
    t.equal(await answer.locator('strong').innerText(), 'bold')
    t.equal(await answer.locator('li').count(), 2)
    t.equal(await answer.locator('td').count(), 2)
    await answer.locator('code .hljs-keyword').first().waitFor()
    await answer.locator('.code-block .copy').click()
    await answer.locator('.code-block .copy.done').waitFor()
    t.equal(await page.evaluate(() => navigator.clipboard.readText()), 'const one = 1\n\nlet two',
      'code is copied exactly')
    t.equal(await answer.locator('.thoughts').getAttribute('open'), null, 'reasoning is folded')
    await answer.locator('summary').click()
    t.equal(await answer.locator('.thought').innerText(), 'I think about it.')
    t.match(await answer.locator('.cost').innerText(), /Claude Sonnet 4\.5 · \d+ in, \d+ out · .*credits/)
    await answer.locator('.foot .copy').click()
    await answer.locator('.foot .copy.done').waitFor()
    t.equal(await page.evaluate(() => navigator.clipboard.readText()), text)
    t.same(sent().stream_options, { include_usage: true })
    await end(t, visited)
  })

  await t.test('stop keeps the text so far, retry asks again, edit replaces what follows', async t => {
    const visited = await open()
    const { page } = visited
    emulator.chunkDelayMs = 30
    emulator.answers.push({ text: Array.from({ length: 300 }, (_, at) => `word${at} `) })
    await say(page, 'a long one')
    await page.getByText('word5').first().waitFor()
    await page.press('#message', 'Escape')
    await page.getByText('Stopped.').waitFor()
    emulator.chunkDelayMs = 0
    const kept = await lastAnswer(page).locator('.words').innerText()
    t.match(kept, /^word0 word1/)
    t.notMatch(kept, /word299/)
    await page.waitForTimeout(150)
    t.equal(emulator.requests.findLast(({ path }) => path === '/chat/completions')?.aborted, true,
      'the page cancelled the upstream request')

    await say(page, 'second')
    await done(page)
    t.same(sent().messages.map(({ role }) => role), ['user', 'assistant', 'user'],
      'a stopped answer is part of the conversation')
    emulator.answers.push({ text: 'another answer' })
    await button(lastAnswer(page) as unknown as Page, 'Retry').click()
    await page.getByText('another answer').waitFor()
    t.equal(sent().messages.at(-1)?.content, 'second')

    await page.locator('.turn').first().hover()
    await page.locator('.turn').first().getByRole('button', { name: 'Edit' }).click()
    t.equal(await page.inputValue('#message'), 'a long one')
    await page.press('#message', 'Escape')
    t.equal(await page.locator('.turn').count(), 2, 'Escape changes nothing')
    await page.press('#message', 'ArrowUp')
    t.equal(await page.inputValue('#message'), 'second')
    await page.press('#message', 'Escape')
    await page.locator('.turn').first().getByRole('button', { name: 'Edit' }).click()
    await say(page, 'a short one')
    await done(page)
    t.equal(await page.locator('.turn').count(), 1)
    t.same(sent().messages, [{ role: 'user', content: 'a short one' }])
    await end(t, visited)
  })

  await t.test('an error keeps the text, and the page does not send a failed turn again', async t => {
    const visited = await open()
    const { page } = visited
    emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 429,
      body: '{"error":{"message":"Slow <b>down</b>.","code":"rate_limited"}}', headers: { 'retry-after': '30' } })
    await say(page, 'first words')
    await page.getByText('Slow <b>down</b>. Try again in 30 s.').waitFor()
    t.match(await page.locator('.turn').innerText(), /first words/)
    await say(page, 'other words')
    await done(page)
    t.same(sent().messages, [{ role: 'user', content: 'other words' }])

    // Pauses between the events, as with a real model.
    emulator.chunkDelayMs = 15
    emulator.answers.push({ text: ['half ', 'an ', 'answer ', 'and ', 'more '] })
    emulator.fault({ path: '/chat/completions' }, { kind: 'error-after', events: 5,
      error: { code: 'overloaded', message: 'The model is overloaded.' } })
    await say(page, 'break off')
    await lastAnswer(page).locator('.banner.bad').waitFor()
    t.match(await lastAnswer(page).innerText(), /half an[\s\S]*The part above is not part of the conversation/)
    emulator.answers.push({ text: ['cut ', 'in ', 'the ', 'middle '] })
    emulator.fault({ path: '/chat/completions' }, { kind: 'reset-after', events: 4 })
    await say(page, 'cut off')
    await lastAnswer(page).locator('.banner.bad').waitFor()
    await button(lastAnswer(page) as unknown as Page, 'Retry').click()
    emulator.chunkDelayMs = 0
    t.match(await done(page), /Hello from/)
    t.same(
      sent().messages.map(({ content }) =>
        typeof content === 'string' && !content.startsWith('##') ? content : 'answer'
      ),
      ['other words', 'answer', 'cut off'],
    )

    await page.route('**/chat/completions', route => route.abort())
    await say(page, 'no network')
    await page.getByText('The connection broke. Check the network, then retry.').waitFor()
    await page.unroute('**/chat/completions')
    await end(t, visited)
  })

  await t.test('images by picker, paste and drop, within the limits of the model', async t => {
    const visited = await open()
    const { page } = visited
    const chips = page.locator('#attachments li')
    const note = page.locator('#composer-note')
    const give = (how: 'paste' | 'drop', name: string, type: string) =>
      page.evaluate(([how, name, type, data]) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([Uint8Array.from(atob(data ?? ''), letter => letter.charCodeAt(0))], name ?? '', {
          type: type ?? '',
        }))
        const target = document.querySelector('#message')
        target?.dispatchEvent(how === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
          : new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
      }, [how, name, type, pixel.toString('base64')])

    await chooseModel(page, 'claude-sonnet-4.5')
    await page.setInputFiles('#file', { name: 'picked.png', mimeType: 'image/png', buffer: pixel })
    await give('paste', 'pasted.png', 'image/png')
    await give('drop', 'dropped.png', 'image/png')
    await chips.nth(2).waitFor()
    await page.getByRole('button', { name: 'Remove pasted.png' }).click()
    t.equal(await chips.count(), 2)
    await page.press('#message', 'Enter')
    t.match(await done(page), /I see 2 images/, 'a message may have pictures only')
    await say(page, 'what was it?')
    t.match(await done(page), /I see 2 images/, 'the next request contains them too')

    await chooseModel(page, 'gpt-4.1')
    await page.setInputFiles('#file', { name: 'one.png', mimeType: 'image/png', buffer: pixel })
    await chips.first().waitFor()
    await page.setInputFiles('#file', { name: 'two.png', mimeType: 'image/png', buffer: pixel })
    await note.filter({ hasText: 'sees one image at a time' }).waitFor()
    await say(page, 'a new one')
    t.match(await done(page), /I see 1 image:/, 'a model that sees one image gets the newest')
    await chooseModel(page, 'gpt-3.5-turbo')
    await page.setInputFiles('#file', { name: 'blind.png', mimeType: 'image/png', buffer: pixel })
    await note.filter({ hasText: 'cannot see images' }).waitFor()
    await say(page, 'in words')
    t.notMatch(await done(page), /I see/)

    // A picture larger than Copilot accepts. It is noise, so that it does not compress.
    await chooseModel(page, 'gpt-4.1')
    await page.evaluate(async () => {
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = 1_400
      const context = canvas.getContext('2d')
      const image = context?.createImageData(1_400, 1_400)
      if (!context || !image) return
      for (let at = 0; at < image.data.length; at += 65_536) {
        crypto.getRandomValues(image.data.subarray(at, at + 65_536))
      }
      context.putImageData(image, 0, 0)
      const blob = await new Promise<Blob | null>(resolve => {
        canvas.toBlob(resolve, 'image/png')
      })
      const transfer = new DataTransfer()
      transfer.items.add(new File([blob ?? ''], 'huge.png', { type: 'image/png' }))
      document.querySelector('#message')?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }),
      )
    })
    await note.filter({ hasText: 'huge.png was made smaller' }).waitFor()
    await say(page, 'look')
    t.match(await done(page), /image\/jpeg/)
    await end(t, visited)
  })

  await t.test('text files and PDFs, as the model allows', async t => {
    const visited = await open()
    const { page } = visited
    const note = page.locator('#composer-note')
    await page.setInputFiles('#file', [{ name: 'notes.md', mimeType: '',
      buffer: Buffer.from('# Notes\n```\ninner\n```\n') }, { name: 'binary.bin', mimeType: '',
      buffer: Buffer.from([0, 255, 254, 1]) }])
    await note.filter({ hasText: 'binary.bin: It is neither text, an image, a PDF nor an office document.' }).waitFor()
    await say(page, 'read it')
    await done(page)
    t.equal(sent().messages[0]?.content, 'File notes.md:\n\n````\n# Notes\n```\ninner\n```\n````\n\nread it')
    await page.setInputFiles('#file', { name: 'paper.pdf', mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4') })
    await note.filter({ hasText: 'paper.pdf: It is damaged' }).waitFor()
    await chooseModel(page, 'claude-sonnet-4.5')
    await page.setInputFiles('#file', { name: 'paper.pdf', mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4') })
    await page.locator('#attachments li').waitFor()
    let body = ''
    await page.route('**/chat/completions', async route => {
      body = route.request().postData() ?? ''
      await route.continue()
    })
    await say(page, 'and this')
    await lastAnswer(page).locator('.foot .tools').waitFor()
    t.match(body,
      /"type":"file","file":\{"filename":"paper.pdf","file_data":"data:application\/pdf;base64,JVBERi0xLjQ="/)
    await end(t, visited)
  })

  await t.test('system prompt, temperature and reasoning; o3-class models answer', async t => {
    const visited = await open()
    const { page } = visited
    await page.click('#options')
    await page.fill('#system', 'Be brief.')
    await page.locator('#temperature').fill('0.3')
    await page.click('#options-close')
    await say(page, 'hi')
    await done(page)
    t.equal(sent().temperature, 0.3)
    t.same(sent().messages[0], { role: 'system', content: 'Be brief.' })
    await chooseModel(page, 'o3-mini')
    await say(page, 'hi o3')
    t.match(await done(page), /Hello from o3-mini[\s\S]*the answer comes whole/)
    await chooseModel(page, 'gpt-5-mini')
    await page.click('#options')
    t.equal(await page.locator('#temperature').isDisabled(), true)
    await page.selectOption('#reasoning', 'high')
    await page.click('#options-close')
    await say(page, 'hi gpt')
    await done(page)
    t.equal(sent().reasoning_effort, 'high')
    t.match(await lastAnswer(page).locator('.thought').textContent() ?? '', /The user says/)
    await end(t, visited)
  })

  await t.test('history: reload, search, rename, delete, export and import', async t => {
    const person = await register(site)
    const visited = await open(person)
    const { page } = visited
    const choose = async (title: string, action: string) => {
      await page.locator('#history li', { hasText: title }).hover()
      await page.getByRole('button', { name: `More for ${title}` }).click()
      await page.getByRole('menuitem', { name: action }).click()
    }
    await say(page, 'about apples')
    await done(page)
    await button(page, 'New chat').click()
    await page.setInputFiles('#file', { name: 'pear.png', mimeType: 'image/png', buffer: pixel })
    await say(page, 'about pears')
    await done(page)
    emulator.chunkDelayMs = 40
    emulator.answers.push({ text: Array.from({ length: 200 }, () => 'slow ') })
    await say(page, 'being cut by a reload')
    await page.getByText('slow slow').first().waitFor()
    await page.waitForTimeout(1_200)
    await page.reload()
    emulator.chunkDelayMs = 0
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    const titles = page.locator('#history .title')
    t.same(await titles.allInnerTexts(), ['about pears', 'about apples'], 'newest first')
    await page.getByText('This is the part that arrived.').waitFor()
    t.equal(await page.locator('.question img').count(), 1, 'with its picture')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('APPLES')
    t.same(await titles.allInnerTexts(), ['about apples'])
    await page.locator('#history li').hover()
    await choose('about apples', 'Rename')
    await page.keyboard.type('Fruit')
    await page.keyboard.press('Enter')
    await page.fill('#search', '')
    t.same(await titles.allInnerTexts(), ['about pears', 'Fruit'])

    const downloading = page.waitForEvent('download')
    await button(page, 'Export').click()
    const file = await (await downloading).path()
    t.notMatch(await page.evaluate(() => document.body.innerText), new RegExp(person.password))
    for (const name of ['about pears', 'Fruit']) {
      await choose(name, 'Delete')
      await page.getByText(`“${name}” is deleted.`).waitFor()
    }
    await page.reload()
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    t.equal(await titles.count(), 0, 'a deleted chat stays deleted')
    await page.setInputFiles('#import-file', file)
    await page.getByText('2 of 2 chats were imported.').waitFor()
    await page.getByText('Nothing was left out.').waitFor()
    await page.reload()
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    await titles.first().click()
    await page.locator('.question img').waitFor()
    await page.setInputFiles('#import-file', { name: 'x.json', mimeType: 'application/json',
      buffer: Buffer.from('{"format":"other"}') })
    await page.getByText('That file holds no chats of this page, of ChatGPT or of Open WebUI.').waitFor()
    await end(t, visited)
  })

  await t.test('H59: text of a model runs nothing, loads nothing and leads to no other site', async t => {
    const [canary, visited] = [await register(site), await open()]
    const { page } = visited
    const attack = ['<img src=x onerror=alert(1)>', '[a](javascript:alert(1))', '<svg><script>alert(1)</script></svg>',
      '![x](https://evil.invalid/x?q=1)', '[b](data:text/html,<script>alert(1)</script>)', '<a href="vbscript:x">c</a>',
      '[ok](https://example.com/?a=1&b=2)', '```html\n<img src=x onerror=alert(1)>\n```', '```"onload=alert(1)\nx\n```',
      '<https://example.org>', '[d]: javascript:alert(1)\n\n[d]', '<style>*{display:none}</style>',
      '<form action=//evil.invalid><input></form>'].join('\n\n')
    emulator.answers.push({ text: attack, reasoning: '<img src=x onerror=alert(1)>' })
    await chooseModel(page, 'claude-sonnet-4.5')
    await say(page, '<img src=x onerror=alert(1)>')
    await done(page)
    await page.waitForTimeout(300)
    const found = await page.locator('#thread').evaluate(thread => ({
      elements: [
        ...thread.querySelectorAll('img, script, style, iframe, form, input, object, embed, .words svg:not(.icon)'),
      ].map(element => element.outerHTML),
      handlers: [...thread.querySelectorAll('*')].filter(element =>
        [...element.attributes].some(({ name }) => name.startsWith('on') || name === 'style' || name === 'id')
      ).map(element => element.outerHTML),
      links: [...thread.querySelectorAll('a')].map(link => link.getAttribute('href')),
      rels: [
        ...new Set([...thread.querySelectorAll('a[href]')].map(link =>
          `${link.getAttribute('target')} ${link.getAttribute('rel')}`
        )),
      ],
    }))
    t.same(found.elements, [])
    t.same(found.handlers, [])
    t.same(found.links.filter(Boolean), ['https://evil.invalid/x?q=1', 'https://example.com/?a=1&b=2',
      'https://example.org'])
    t.same(found.rels, ['_blank noopener noreferrer nofollow'])
    t.match(await lastAnswer(page).locator('.words').innerText(), /<img src=x onerror=alert\(1\)>/,
      'raw HTML is shown as text')
    await page.goto(`${origin}/chat?x=${encodeURIComponent('<img src=x onerror=alert(1)>')}#<svg/onload=alert(1)>`)
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    t.equal(await page.locator('[onerror], [onload], img').count(), 0)
    await end(t, visited)
    await assertServed(t, { password: canary.password, base: `${origin}/${canary.username}/v1` })
  })

  await t.test('without its libraries the chat shows plain text', async t => {
    // A worker would take the place of the network.
    const visited = await open(undefined, { serviceWorkers: 'block' })
    const { page } = visited
    await page.route('**/markdown-*.js', route => route.abort())
    await page.reload()
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    emulator.answers.push({ text: '**bold** <img src=x onerror=alert(1)>\n\n```js\n1\n```' })
    await say(page, 'hi')
    t.match(await done(page), /\*\*bold\*\* <img src=x onerror=alert\(1\)>/)
    await end(t, visited)
  })

  await t.test('streamed Markdown looks like the complete text, whatever the pieces', async t => {
    const visited = await open()
    const texts = ['# A\n\npara *one*\nstill\n\n- a\n\n- b\n  - c\n\n1. x\n2. y\n\n> q\n\n```js\nlet a\n\n```\n\nend',
      'Title\n===\n\n    indented\n\n| a | b |\n|--|--|\n| 1 | `x|` |\n\n~~~\n```\n~~~\nafter\n- l\n  ```py\n  x\n '
      + ' ```\n- m', '```\nnever closed\nline two', 'a\n***\nb\n\n---\n\nc  \nd',
      `${'word '.repeat(2_000)}**end**\n\nnext`]
    await offerSources(visited.page)
    const different = await visited.page.evaluate(async texts => {
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
      // Without colours, which come later.
      const bare = (element: Element) => {
        for (const code of element.querySelectorAll('code')) code.replaceChildren(code.textContent ?? '')
        return element.innerHTML.replace(/>\s+</g, '><').trim()
      }
      const wrong: string[] = []
      for (const text of texts) {
        const whole = document.createElement('div')
        whole.append(render(lex(text)))
        for (const size of [1, 3, 17, 1_000]) {
          const box = document.createElement('div')
          const stream = createMarkdownStream(box, { nextFrame: (work: () => void) => queueMicrotask(work) })
          for (let at = 0; at < text.length; at += size) {
            stream.push(text.slice(at, at + size))
            if (text.length < 1_000) await Promise.resolve()
          }
          await stream.end()
          if (bare(box) !== bare(whole)) {
            wrong.push(`${size}: ${bare(box).slice(0, 400)} instead of ${bare(whole).slice(0, 400)}`)
          }
        }
      }
      return wrong
    }, texts)
    t.same(different, [])
    await end(t, visited)
  })

  await t.test('the chat and its history also work on a plain http origin that is not loopback', async t => {
    const remote = origin.replace(/\/\/[^:/]+/, `//${remoteHost}`)
    const visited = await visitAs(browser, remote, await register(site), '/chat')
    const { page } = visited
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
    await say(page, 'hello from afar')
    t.match(await done(page), /hello from afar/)
    await lastAnswer(page).locator('.foot .copy').click()
    await lastAnswer(page).locator('.foot .copy.done').waitFor()
    await page.reload()
    await page.locator('#history .title').click()
    t.match(await page.locator('.turn').innerText(), /hello from afar/)
    await end(t, visited)
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    await t.test(`axe finds nothing, ${colorScheme}; the phone's layout works`, async t => {
      const door = await visit(browser, origin, '/chat', { colorScheme })
      t.same(await axeProblems(door.page), [], 'door')
      await end(t, door)
      const visited = await open(undefined, { colorScheme })
      const { page } = visited
      t.same(await axeProblems(page), [], 'empty')
      emulator.answers.push({ reasoning: 'Hm.',
        text: '## Heading\n\nText with `code`, a [link](https://example.com).\n\n```js\n// comment\nconst a = "text" + '
          + '1\nclass B { get c () { return /x/ } }\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quote' })
      await chooseModel(page, 'claude-sonnet-4.5')
      await say(page, 'everything')
      await done(page)
      await page.locator('.hljs-keyword').first().waitFor()
      emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 429, body: '{"error":{"message":"no"}}' })
      await say(page, 'fail')
      await page.locator('.banner.bad').waitFor()
      t.same(await axeProblems(page, ['heading-order']), [], 'conversation')
      await page.setViewportSize({ width: 375, height: 700 })
      await page.waitForTimeout(250)
      t.same(await axeProblems(page, ['heading-order']), [], '375 px')
      t.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing overflows')
      await page.click('#history-toggle')
      await page.locator('#side.open').waitFor()
      await page.waitForTimeout(250)
      t.same(await axeProblems(page, ['heading-order']), [], 'drawer')
      t.equal(await page.evaluate(() => document.activeElement?.id), 'search')
      await page.keyboard.press('Escape')
      t.equal(await page.evaluate(() => document.activeElement?.id), 'history-toggle')
      await page.click('#options')
      t.same(await axeProblems(page, ['heading-order']), [], 'options')
      await end(t, visited)
    })
  }
}
