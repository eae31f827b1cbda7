// The pages of the repository: valid links, correct spelling, and a reason for each dependency.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'
import { anchors, links, quoted, readPage, rows, section } from './markdown.ts'

const isPage = (name: string) => name.endsWith('.md')
const files = ['.', 'docs', '.github'].filter(folder => existsSync(folder)).flatMap(folder =>
  readdirSync(folder, { recursive: folder !== '.', encoding: 'utf8' }).filter(isPage).map(name => join(folder, name))
)
const root = files.filter(file => dirname(file) === '.')

t.test('every relative link leads to an existing file and heading', async t => {
  t.ok(files.length > 2 && files.includes('README.md'), files.join(', '))
  for (const file of files) {
    for (const { target, line } of links(readPage(file))) {
      if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue
      const [path = '', anchor] = target.split('#')
      const to = path === '' ? file : normalize(join(dirname(file), decodeURI(path)))
      if (!existsSync(to)) t.fail(`${file}:${line} links to ${target}, which does not exist`)
      else if (anchor !== undefined && statSync(to).isFile() && isPage(to)
        && !anchors(readPage(to)).has(decodeURI(anchor))) t.fail(`${file}:${line} links to ${target}: no such heading`)
    }
  }
})

t.test('the README stays short: 160 lines at most', async t => {
  t.ok(readPage('README.md').text.split('\n').length <= 161)
})

t.test('every page of docs/ is linked from somewhere', async t => {
  const linked = new Set(
    files.flatMap(file =>
      links(readPage(file)).map(({ target }) => normalize(join(dirname(file), target.split('#')[0] ?? '')))
    ),
  )
  t.strictSame(files.filter(file => file.startsWith('docs/') && !linked.has(file)), [])
})

t.test('every dependency has its line in docs/architecture.md; at most twelve are needed', async t => {
  const { dependencies, optionalDependencies: optional } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
    'dependencies' | 'optionalDependencies',
    Record<string, string>
  >
  const named = rows(section(readPage('docs/architecture.md'), '## Dependencies'))
  t.strictSame(named.flatMap(([name = '']) => quoted(name)).sort(),
    Object.keys({ ...dependencies, ...optional }).sort())
  for (const [name = '', why = ''] of named) t.ok(why.length > 20, name)
  t.ok(Object.keys(dependencies).length <= 12)
})

t.test('words are spelled correctly', async t => {
  const checked = [...root, ...files.filter(file => file.startsWith('docs/')),
    ...readdirSync('static').filter(name => name.endsWith('.html')).map(name => `static/${name}`)]
  const { code, output } = await new Promise<{ code: number, output: string }>(resolve => {
    execFile(process.execPath, ['node_modules/cspell/bin.mjs', '--no-progress', '--no-summary', '--no-color',
      ...checked], { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr })
    })
  })
  t.equal(code, 0, `a correct word belongs in cspell.json:\n${output}`)
})
