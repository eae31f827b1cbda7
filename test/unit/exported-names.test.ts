// An exported name says what it is. If three files of src/ export the same name, a reader has to guess which one an
// import means. Give each its own name, or share one.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = new URL('../../src/', import.meta.url).pathname
const declaration = /^export (?:async )?(?:function\*? ?|const |let |class |interface |type )(\w+)/gm

/** Each dialect's folder has these, so that the folders look alike: `src/dialects/contract/dialect.ts`. */
const perDialect = new Set(['createDecoder', 'createEncoder', 'createRepair', 'decodeAnswer', 'decodeContent',
  'decodeInSteps', 'decodeRequest', 'decodeTools', 'decodeWebTools', 'encodeAnswer', 'encodeInSteps', 'encodeRequest',
  'encodeTools', 'failStream', 'inspect', 'prepare', 'prepareInSteps', 'readUsage', 'renderError', 'repairAnswer',
  'visitToolNames', 'writeUsage'])
const isDialect = (file: string) => /^dialects\/(?!contract\/|shared\/)/.test(file)

t.test('no exported name exists in three files', t => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
  t.ok(files.length > 300, `${files.length} files`)
  const found = files.flatMap(file => namesIn(readFileSync(join(root, file), 'utf8')).map(name => ({ file, name })))
  t.ok(found.length > 800, `${found.length} exports`)
  const own = found.filter(({ file, name }) => !(perDialect.has(name) && isDialect(file)))
  t.strictSame(repeated(own), [])
  t.end()
})

t.test('the check finds a name that three files export, and ignores re-exports', t => {
  const files = ['export function text (value) {}', 'export const text = 1',
    'export interface text {}\nexport type A = 1']
  const found = files.flatMap((source, at) => namesIn(source).map(name => ({ file: `${at}.ts`, name })))
  t.strictSame(repeated(found), ['text: 0.ts, 1.ts, 2.ts'])
  t.strictSame(namesIn("export { text } from './a.ts'\nexport type { B } from './b.ts'\n  export const no = 1"), [])
  t.end()
})

function namesIn (source: string): string[] {
  return [...source.matchAll(declaration)].map(([, name]) => name ?? '')
}

function repeated (found: ReadonlyArray<{ readonly file: string, readonly name: string }>): string[] {
  return [...Map.groupBy(found, ({ name }) => name)].filter(([, same]) =>
    new Set(same.map(({ file }) => file)).size > 2
  ).map(([name, same]) => `${name}: ${same.map(({ file }) => file).join(', ')}`)
}
