// Citations: a comment names a page by its path from the root and an anchor (`docs/spec/copilot.md#initiator`), and
// both exist. Pages link to each other in the usual way; pages.test.ts checks those links.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { anchors, readPage } from './markdown.ts'

interface Citation {
  readonly at: string
  readonly path: string
  readonly anchor: string | undefined
}

/** Folders without our own text. */
const skipped = new Set(['node_modules', 'vendor', 'dist', 'data', 'coverage', 'images'])
const commentsOf: Readonly<Record<string, RegExp>> = {
  slashes: /\/\*[\s\S]*?\*\/|(?<![:'"`\\\w])\/\/.*/g,
  hashes: /(?<=^|\s)#.*/gm,
  html: /<!--[\s\S]*?-->/g,
}
const named = ['Dockerfile', 'Caddyfile', 'run', '.env.example', '.taprc', '.dockerignore', '.gitignore']

function kindOf (file: string): string | null {
  const name = file.split('/').at(-1) ?? ''
  if (/\.(?:[cm]?[jt]s|css|jsonc)$/.test(name)) return 'slashes'
  if (/\.html$/.test(name)) return 'html'
  return /\.(?:ya?ml|sh|service|conf)$/.test(name) || named.includes(name) ? 'hashes' : null
}

function filesIn (folder: string): string[] {
  const entries = readdirSync(folder, { recursive: folder !== '.', withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}

const ours = ['.', 'src', 'test', 'static', 'deploy', '.github', '.ci'].filter(folder => existsSync(folder)).flatMap(
  filesIn,
).filter(file => !file.split('/').some(part => skipped.has(part)))
/** This file contains the patterns that it forbids elsewhere. */
const files = ours.filter(file => kindOf(file) !== null && file !== 'test/docs/citations.test.ts')
const documents = [...readdirSync('.'), ...filesIn('docs')].filter(file => file.endsWith('.md'))
const sources = new Map(files.map(file => [file, readFileSync(file, 'utf8')]))

const pages = new Map<string, Set<string> | null>()
function anchorsOf (path: string): Set<string> | null {
  const known = pages.get(path)
  if (known !== undefined) return known
  const found = existsSync(path) ? anchors(readPage(path)) : null
  pages.set(path, found)
  return found
}

function problemOf ({ path, anchor }: Citation): string | null {
  const known = anchorsOf(path)
  if (known === null) return 'no such page at this path from the root'
  if (anchor === undefined) return path.startsWith('docs/spec/') ? 'a citation of the spec needs an anchor' : null
  return known.has(anchor) ? null : 'the page has no such anchor'
}

function problems (citations: readonly Citation[]): string[] {
  return citations.flatMap(citation => {
    const problem = problemOf(citation)
    return problem === null ? [] : [`${citation.at} ${citation.path}#${citation.anchor ?? ''}: ${problem}`]
  })
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

function citationsIn (file: string, pattern: RegExp, text: string, linesBefore: number): Citation[] {
  return [...text.matchAll(pattern)].map(match => {
    const [path = '', anchor] = match[0].split('#')
    return { at: `${file}:${linesBefore + lineOf(text, match.index)}`, path, anchor }
  })
}

const comments = [...sources].flatMap(([file, source]) =>
  [...source.matchAll(commentsOf[kindOf(file) ?? ''] ?? /$^/g)].map(match => ({ file, text: match[0],
    linesBefore: lineOf(source, match.index) - 1 })
  )
)

t.test('every page that a comment cites exists, with its anchor', async t => {
  const pattern = /[\w./-]*\w\.md\b(?:#[\w-]+)?/g
  const citations = comments.flatMap(({ file, text, linesBefore }) => citationsIn(file, pattern, text, linesBefore))
  t.ok(citations.filter(({ path }) => path.startsWith('docs/spec/')).length > 100, `${citations.length} citations`)
  t.strictSame(problems(citations), [])
})

t.test('every page of docs/ that code or a test title names exists', async t => {
  const pattern = /(?<![\w./-])docs\/[\w/-]+\.md\b(?:#[\w-]+)?/g
  const citations = [...sources].flatMap(([file, source]) => citationsIn(file, pattern, source, 0))
  t.strictSame(problems(citations.filter(({ path, anchor }) => anchorsOf(path) === null || anchor !== undefined)), [])
})

t.test('every anchor that a question of the witness names exists', async t => {
  const questions = readFileSync('src/witness/questions.ts', 'utf8')
  const named = [...questions.matchAll(/\bspec\('([\w-]+)'\)/g)].map(([, anchor = '']) => anchor)
  t.ok(named.length > 5, `${named.length} anchors`)
  t.strictSame(named.filter(anchor => anchorsOf('docs/spec/copilot.md')?.has(anchor) !== true), [])
})

t.test('every file of the repository that a page names in code exists', async t => {
  const inCode = /`((?:src|test|static|deploy)\/[\w./-]+)`/g
  const paths = documents.filter(file => file !== 'CHANGELOG.md').flatMap(file =>
    [...readPage(file).text.matchAll(inCode)].map(([, path = '']) => ({ file, path }))
  )
  t.ok(paths.length > 50, `${paths.length} paths`)
  t.strictSame(paths.filter(({ path }) => !existsSync(path)).map(({ file, path }) => `${file}: ${path}`), [])
})

t.test('comments cite no section numbers, and no pages outside the repository', async t => {
  const numbered = /\.md`?,? (?:section )?\d+(?:\.\d+)*|\bREF \d|\bsections? \d[\d.]* of the (?:reference|spec)\b/
  const absent = /(?<![\w-])(?:copilot-upstream|copilot-rules|reliability-security|responses-more|house-style)\b/
  const withNumber = comments.filter(({ text }) => numbered.test(text))
  t.strictSame(withNumber.map(({ file, linesBefore }) => `${file}:${linesBefore + 1}`), [])
  t.strictSame([...sources].filter(([, source]) => absent.test(source)).map(([file]) => file), [])
})

t.test('every cited number of a fault, figure, threat or hostile input is in docs/spec/limits.md', async t => {
  const known = anchors(readPage('docs/spec/limits.md'))
  const number = /(?<![\w/#-])(?:F\d\d|H\d\d|G\d\d?|T\d\d)(?![\w"'-])/g
  const cited = [...sources].filter(([file]) => /^test\/(?:faults|soak|golden)\/|^src\/(?:audit|node|auth)/.test(file))
    .flatMap(([file, source]) => [...source.matchAll(number)].map(match => ({ file, number: match[0] })))
  t.ok(cited.length > 100, `${cited.length} numbers`)
  t.strictSame(cited.filter(({ number }) => !known.has(number.toLowerCase())), [])
})
