// Every page in every language, on either runtime: nothing is wider than a phone, no button is clipped, axe finds
// nothing, no text of the page is left in English, and the reader's choice counts.
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { openSessionOf, register, visit, type Person, type Site, type Visit } from '../fixtures/browser.ts'
import { axeProblems } from './axe.ts'

const locales = { en: 'en-GB', 'zh-CN': 'zh-CN', vi: 'vi-VN', es: 'es-MX' } as const
/** A word that each language writes in its own way, on each page. */
const words = { en: /Usage|Sign in|Chats stay/, 'zh-CN': /用量|登录|聊天保留/, vi: /Sử dụng|Đăng nhập|ở lại/,
  es: /Uso|Iniciar sesión|se quedan/ } as const
const sizes = [{ width: 375, height: 780 }, { width: 1440, height: 900 }] as const
type Tag = keyof typeof locales

export const adminToken = 'operator-token-of-tests'

export async function testLanguages (t: Test, browser: Browser, site: Site, shots: string | null): Promise<void> {
  const { origin } = site
  const person = await register(site)

  for (const tag of Object.keys(locales) as Tag[]) {
    await t.test(`${tag}: the layout holds at both widths, in both themes, and axe finds nothing`, async t => {
      for (const viewport of sizes) {
        for (const [name, open] of Object.entries(views)) {
          const visited = await visit(browser, origin,
            name === 'admin' ? '/admin' : name.startsWith('chat') ? '/chat' : '/', { viewport, locale: locales[tag],
            colorScheme: viewport.width === 375 ? 'dark' : 'light' })
          const { page } = visited
          await open(visited, person, site)
          const label = `${tag} ${name} ${viewport.width}`
          t.equal(await page.getAttribute('html', 'lang'), tag, label)
          t.ok(words[tag].test(await page.locator('body').innerText()), `${label}: is in its language`)
          t.same(await layoutProblems(page), [], label)
          // The list of tools is code and names of other programs.
          t.same(await axeProblems(page), [], label)
          t.same(visited.complaints, [], label)
          if (shots !== null) {
            await page.screenshot({ path: `${shots}/${label.replaceAll(' ', '-')}.png`, fullPage: name !== 'chat' })
          }
          await visited.close()
        }
      }
    })
  }

  await t.test('no page writes anything to the console, signed in or not', async t => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const messages: string[] = []
    page.on('console', message => messages.push(`${message.type()}: ${message.text()}`))
    const look = async () => {
      for (const path of ['/', '/chat', '/admin']) {
        await page.goto(origin + path, { waitUntil: 'networkidle' })
        await page.locator('html[data-ready]').waitFor({ state: 'attached' })
      }
    }
    await look()
    await openSessionOf(page, person)
    await look()
    await page.fill('#admin-token', adminToken)
    await page.press('#admin-token', 'Enter')
    await page.locator('#users-body tbody tr').first().waitFor()
    await look()
    t.same(messages, [])
    await context.close()
  })

  await t.test("the browser's language counts until the reader chooses one, and the choice is remembered", async t => {
    const visited = await visit(browser, origin, '/', { locale: 'vi-VN' })
    const { page } = visited
    t.equal(await page.getAttribute('html', 'lang'), 'vi')
    await choose(page, 'es')
    t.match(await page.locator('h1').first().innerText(), /Tu Copilot/)
    t.match(await page.title(), /Configuración/)
    await page.goto(`${origin}/chat`)
    await page.locator('html[data-ready]').waitFor({ state: 'attached' })
    t.equal(await page.getAttribute('html', 'lang'), 'es', 'on every page')
    t.equal(await page.inputValue('#language'), 'es')
    await choose(page, '')
    t.equal(await page.getAttribute('html', 'lang'), 'vi', 'and back to the browser')
    t.same(visited.complaints, [])
    await visited.close()
  })

  await t.test('numbers and dates are those of the language', async t => {
    const visited = await visit(browser, origin, '/', { locale: 'es-ES' })
    const { page } = visited
    await openSessionOf(page, person)
    await page.goto(`${origin}/#usage`)
    await page.reload()
    await page.locator('#usage-body').getByText(/de [a-z]+/).first().waitFor()
    t.match(await page.locator('#usage-body').innerText(),
      /\d+ de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)/)
    await visited.close()
  })
}

/** Each brings the page into a state that people see. */
const views: Readonly<Record<string, (visited: Visit, person: Person, site: Site) => Promise<void>>> = {
  async front () {},
  async setup ({ page }, person) {
    await signIn(page, person)
    await page.locator('#home').waitFor()
  },
  async chatDoor ({ page }) {
    await page.locator('#gate-form').waitFor()
  },
  async chat ({ page }, person) {
    await signIn(page, person)
    await page.locator('html[data-models]').waitFor({ state: 'attached' })
  },
  async admin ({ page }) {
    await page.fill('#admin-token', adminToken)
    await page.press('#admin-token', 'Enter')
    await page.locator('#users-body tbody tr').first().waitFor()
  },
}

async function signIn (page: Page, person: Person): Promise<void> {
  await openSessionOf(page, person)
  await page.reload()
  await page.locator('html[data-ready]').waitFor({ state: 'attached' })
}

async function choose (page: Page, tag: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.selectOption('#language', tag)])
  await page.locator('html[data-ready]').waitFor({ state: 'attached' })
}

/** What is wider than the window, and controls whose text does not fit. */
function layoutProblems (page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = []
    /** Whether a part of the page moves it into view. */
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement))
    /** The nearest part around it that cuts off what is wider. */
    const hiding = (element: Element | null): Element | null =>
      element === null || /hidden|clip/.test(getComputedStyle(element).overflowX)
        ? element
        : hiding(element.parentElement)
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) problems.push(`the page is ${scrollWidth} wide`)
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, .button, [role="tab"], nav a, label, th, pre, input, select',
    )) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      if (element.closest('.offscreen, .skip, [inert]') !== null) continue
      const what = `${element.tagName} “${element.innerText.slice(0, 40)}”`
      if (!scrolls(element) && element.scrollWidth > element.clientWidth + 1
        && getComputedStyle(element).display !== 'inline'
        && getComputedStyle(element).textOverflow !== 'ellipsis' && element.querySelector('.offscreen') === null) {
        problems.push(`${what} is cut off: ${element.scrollWidth} in ${element.clientWidth}`)
      }
      const { left, right } = element.getBoundingClientRect()
      if ((left < -1 || right > clientWidth + 1) && !scrolls(element)) problems.push(`${what} is outside the window`)
      const frame = hiding(element.parentElement)?.getBoundingClientRect()
      if (frame !== undefined && right > frame.right + 1 && !scrolls(element.parentElement)) {
        problems.push(`${what} is clipped`)
      }
    }
    return problems
  })
}
