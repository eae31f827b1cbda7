// Files that are sent as text, on either runtime. test/fixtures/documents/README.md says which tools made them.
import { readFile } from 'node:fs/promises'
import { strToU8, unzipSync, zipSync } from 'fflate'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { axeProblems } from './axe.ts'
import type { ChatWorld } from './chat-world.ts'
import { chooseModel } from './choose-model.ts'

const read = (name: string) => readFile(new URL(`../fixtures/documents/${name}`, import.meta.url))
const ole = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0])

export async function testChatFiles (t: Test, { open, end, ask, sent }: ChatWorld): Promise<void> {
  const note = (page: Page) => page.locator('#composer-note')
  const attach = (page: Page, name: string, buffer: Buffer, mimeType = '') =>
    page.setInputFiles('#file', { name, mimeType, buffer })

  await t.test('Word, Excel, PowerPoint and PDF go as text with their names, and the card says how much', async t => {
    const visited = await open()
    const { page } = visited
    for (const [name, card] of [['tides.docx', /167 characters/], ['tides.xlsx', /2 sheets · \d+ characters/], [
      'tides.pptx',
      /2 slides · 104 characters/,
    ], ['tides.pdf', /2 pages · 85 characters/]] as const) {
      await attach(page, name, await read(name))
      const chip = page.locator('#attachments li', { hasText: name })
      await chip.waitFor({ timeout: 15_000 })
      t.match(await chip.innerText(), card, name)
    }
    await ask(page, 'read them')
    t.equal(sent().messages[0]?.content, `File tides.docx:

${'```'}
# Tides of Bergen

High water is at 06:12. Größe, 潮汐, Thủy triều.

- first item
- second item
   - inner item

| Day | Height |
| --- | --- |
| Monday | 1.4 m \\| low |
${'```'}

File tides.xlsx:

${'```'}
[Sheet Tides]
Day,Height,High,Note
2026-03-01,1.4,true,"a ""quoted"", word"
2026-03-02 06:12:00,2.8,false,潮汐

[Sheet Prices]
NOK,1000.5
${'```'}

File tides.pptx:

${'```'}
[Slide 1]
Tides of Bergen
High water
Low water

[Notes of slide 1]
Speak slowly.

[Slide 2]
The end & 潮汐
${'```'}

File tides.pdf:

${'```'}
[Page 1]
Tides of Bergen
High water is at 06:12.

[Page 2]
The second page has Größe.
${'```'}

read them`)
    await end(t, visited)
  })

  await t.test('pictures in a document are named as left out', async t => {
    const visited = await open()
    await attach(visited.page, 'tides.docx', await read('tides.docx'))
    await note(visited.page).filter({ hasText: 'tides.docx: One picture in it is not read.' }).waitFor()
    await end(t, visited)
  })

  await t.test('a PDF that the browser printed is read page by page', async t => {
    const visited = await open()
    const { page } = visited
    const other = await visited.context.newPage()
    await other.setContent('<h1>Printed Größe</h1><p style="break-after:page">One</p><p>Two: fi ﬂ</p>')
    const pdf = await other.pdf()
    await other.close()
    await attach(page, 'printed.pdf', pdf)
    await page.locator('#attachments li', { hasText: '2 pages' }).waitFor({ timeout: 15_000 })
    await ask(page, 'read')
    t.match(sent().messages[0]?.content, /\[Page 1\]\nPrinted Größe\nOne[^]*\[Page 2\]\nTwo: fi/)
    await end(t, visited)
  })

  await t.test('a model that takes PDFs gets the PDF itself', async t => {
    const visited = await open()
    const { page } = visited
    await chooseModel(page, 'claude-sonnet-4.5')
    await attach(page, 'tides.pdf', await read('tides.pdf'), 'application/pdf')
    await page.locator('#attachments li.pdf').waitFor()
    await chooseModel(page, 'gpt-4.1')
    await note(page).filter({ hasText: 'takes no PDFs. Choose one that does, or attach the file again' }).waitFor()
    await end(t, visited)
  })

  await t.test('every file that cannot be read gets its reason', async t => {
    const visited = await open()
    const { page } = visited
    const docx = await read('tides.docx')
    const bomb = Buffer.from(docx)
    bomb.writeUInt32LE(0x7fff_ffff, bomb.indexOf('PK\x01\x02') + 24)
    const refused: readonly (readonly [string, Buffer, RegExp, string?])[] = [['locked.pdf', await read('locked.pdf'),
      /protected with a password/], ['scanned.pdf', await read('scanned.pdf'), /no text, only pictures of pages/], [
      'cut.pdf',
      (await read('tides.pdf')).subarray(0, 40),
      /damaged, or not what its name says/,
    ], ['cut.docx', docx.subarray(0, docx.length - 30), /damaged, or not what its name says|an archive/], ['bomb.docx',
      bomb, /unpack to more than 200 MB/], ['old.doc', ole, /an old format of Office, or a password/], ['files.zip',
      Buffer.from('PK\x03\x04notes.txt'), /an archive\. Unpack it/], ['text.odt',
      Buffer.from('PK\x03\x04content.xml META-INF/manifest.xml'), /OpenDocument/], ['song.mp3', Buffer.from('ID3'),
      /audio or video/, 'audio/mpeg'], ['empty.txt', Buffer.alloc(0), /is empty/], ['binary.bin',
      Buffer.from([0, 255, 254, 1]), /neither text, an image, a PDF nor an office document/], ['long.txt',
      Buffer.from('x'.repeat(1_000_001)), /more than 1,000,000 characters/], ['no.png', Buffer.from('no picture'),
      /cannot read it as a picture/, 'image/png']]
    for (const [name, buffer, reason, type] of refused) {
      await page.evaluate(() => document.querySelector('#composer-note')?.replaceChildren())
      await attach(page, name, buffer, type)
      await note(page).filter({ hasText: new RegExp(`^${name}: .*(?:${reason.source})`) }).waitFor({ timeout: 15_000 })
      t.equal(await page.locator('#attachments li').count(), 0, name)
    }
    await end(t, visited)
  })

  await t.test('a workbook of 20,000 rows is read in a thread, and the page does not stall', async t => {
    const visited = await open()
    const { page } = visited
    const cell = (at: number, column: string) => `<c r="${column}${at}" t="inlineStr"><is><t>word ${at}</t></is></c>`
    const rows = Array.from({ length: 20_000 },
      (_, at) => `<row r="${at + 1}">${cell(at + 1, 'A')}${cell(at + 1, 'B')}</row>`)
    const files = unzipSync(await read('tides.xlsx'))
    files['xl/worksheets/sheet1.xml'] = strToU8(
      `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${
        rows.join('')
      }</sheetData></worksheet>`,
    )
    await page.evaluate(() => {
      const { performance } = window
      let last = performance.now()
      const tick = () => {
        const now = performance.now()
        Object.assign(window, { longest: Math.max(now - last, (window as { longest?: number }).longest ?? 0) })
        last = now
        setTimeout(tick, 10)
      }
      tick()
    })
    await attach(page, 'large.xlsx', Buffer.from(zipSync(files)))
    await page.locator('#attachments li', { hasText: '2 sheets' }).waitFor({ timeout: 30_000 })
    const longest = await page.evaluate(() => (window as { longest?: number }).longest ?? 0)
    t.comment(`the longest pause was ${Math.round(longest)} ms`)
    await end(t, visited)
  })

  await t.test('source files and UTF-16 are text; one that is longer than the model reads is named', async t => {
    const visited = await open()
    const { page } = visited
    await attach(page, 'tide.rs', Buffer.from('fn main() {}\n'))
    await attach(page, 'wide.txt', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Größe 潮汐', 'utf16le')]))
    await page.locator('#attachments li').nth(1).waitFor()
    await ask(page, 'read')
    t.equal(sent().messages[0]?.content,
      'File tide.rs:\n\n```\nfn main() {}\n```\n\nFile wide.txt:\n\n```\nGröße 潮汐\n```\n\nread')
    await attach(page, 'novel.txt', Buffer.from('word '.repeat(190_000)))
    await note(page).filter({
      hasText: /novel\.txt: GPT-4\.1 takes about .* tokens; this file alone has about 237\.5K/,
    }).waitFor()
    await end(t, visited)
  })

  await t.test('without its library a document is refused with the reason, and the page goes on', async t => {
    const visited = await open()
    const { page } = visited
    await page.route(/\/office-parts\/lib-\w+\.js$/, route => route.abort())
    await attach(page, 'tides.docx', await read('tides.docx'))
    await note(page).filter({ hasText: 'The library that reads it could not be loaded' }).waitFor()
    await attach(page, 'notes.md', Buffer.from('# Notes'))
    await page.locator('#attachments li', { hasText: '7 characters' }).waitFor()
    t.same(await axeProblems(page), [])
    await end(t, visited)
  })
}
