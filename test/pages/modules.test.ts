// The pages are many small modules. Each page asks for all of its own at once, and a bundle is missing nowhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import t from 'tap'

const root = new URL('../../static/', import.meta.url)
const read = (path: string) => readFileSync(new URL(`.${path}`, root), 'utf8')

t.test('each page preloads the modules that it imports, and no others', async t => {
  for (const page of ['/index.html', '/chat.html']) {
    const html = read(page)
    const entry = /<script type="module" src="([^"]+)"/.exec(html)?.[1] ?? ''
    const preloaded = [...html.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(match => match[1] ?? '')
    t.same(preloaded.filter(path => !path.startsWith('/vendor/')), importsOf(entry).toSorted(), page)
  }
})

t.test('every address in the pages is a file of this server, and nothing is inline', async t => {
  for (const page of ['/index.html', '/chat.html']) {
    const html = read(page)
    for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/[^"#]*)"/g)) {
      if (['/', '/chat'].includes(path) || path.startsWith('/vendor/')) continue
      t.ok(existsSync(new URL(`.${path}`, root)), path)
    }
    t.notMatch(html, /<style|\sstyle=|\son[a-z]+=|https?:\/\//, `${page} has no inline script or style, and no address elsewhere`)
    t.notMatch(html, /<script(?![^>]* src=)/)
  }
})

t.test('there is one way to make elements from text, and it is the sanitiser', async t => {
  for (const file of readdirSync(new URL('assets/', root), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.js'))) {
    t.notMatch(read(`/assets/${file}`), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|setHTMLUnsafe|\beval\(|new Function/, file)
  }
})

function importsOf (path: string, seen: string[] = []): string[] {
  for (const [, other = ''] of read(path).matchAll(/from '(\.[^']+)'/g)) {
    const full = posix.join(posix.dirname(path), other)
    if (seen.includes(full)) continue
    seen.push(full)
    importsOf(full, seen)
  }
  return seen
}
