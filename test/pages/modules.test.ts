// The sources of the pages: many small modules, and three HTML files.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import t from 'tap'

const root = new URL('../../static/', import.meta.url)
const pages = ['/index.html', '/chat.html', '/admin.html']
const read = (path: string) => readFileSync(new URL(`.${path}`, root), 'utf8')

t.test('no module imports itself, directly or through others', t => {
  for (const file of readdirSync(new URL('assets/', root), { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.js')
  )) {
    t.notOk(importsOf(`/assets/${file}`).includes(`/assets/${file}`), file)
  }
  t.end()
})

t.test('every address in the pages is a file of this server, and nothing is inline', async t => {
  for (const page of pages) {
    const html = read(page)
    for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/[^"#]*)"/g)) {
      if (['/', '/chat', '/admin/backup'].includes(path) || path.startsWith('/vendor/')) continue
      t.ok(existsSync(new URL(`.${path}`, root)), path)
    }
    t.notMatch(html, /<style|\sstyle=|\son[a-z]+=|https?:\/\//,
      `${page} has no inline script or style, and no address elsewhere`)
    t.notMatch(html, /<script(?![^>]* src=)/)
  }
})

t.test('only the sanitiser makes elements from text', async t => {
  const textToElements = new RegExp(
    String.raw`innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|setHTMLUnsafe|`
      + String.raw`\beval\(|new Function`,
  )
  for (const file of readdirSync(new URL('assets/', root), { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.js')
  )) {
    t.notMatch(read(`/assets/${file}`), textToElements, file)
  }
})

t.test('the types of the elements match the HTML', t => {
  const inHtml = new Map<string, string>()
  for (const page of pages) {
    for (const [, tag = '', id = ''] of read(page).matchAll(/<([a-z][a-z0-9]*)[^>]*\sid="([^"]+)"/g)) {
      t.equal(inHtml.get(id) ?? tag, tag, `${id} is the same element on every page`)
      inHtml.set(id, tag)
    }
  }
  const typed = [...read('/assets/elements.d.ts').matchAll(/^ {2}'?([\w-]+)'?: HTMLElementTagNameMap\['(\w+)'\]$/gm)]
  t.same(new Map(typed.map(([, id = '', tag = '']) => [id, tag])), inHtml)
  t.end()
})

t.test('a page looks up only ids that it has', t => {
  for (const [page, folder] of [['/index.html', 'setup'], ['/chat.html', 'chat'], ['/admin.html', 'admin']] as const) {
    const ids = new Set([...read(page).matchAll(/\sid="([^"]+)"/g)].map(match => match[1]))
    for (const file of readdirSync(new URL(`assets/${folder}/`, root)).filter(name => name.endsWith('.js'))) {
      for (const [, id = ''] of read(`/assets/${folder}/${file}`).matchAll(/byId\('([^']+)'\)/g)) {
        t.ok(ids.has(id), `${file}: ${id}`)
      }
    }
  }
  t.end()
})

function importsOf (path: string, seen: string[] = []): string[] {
  for (const [, other = ''] of read(path).matchAll(/^import .*from '(\.[^']+)'/gm)) {
    const full = posix.join(posix.dirname(path), other)
    if (seen.includes(full)) continue
    seen.push(full)
    importsOf(full, seen)
  }
  return seen
}
