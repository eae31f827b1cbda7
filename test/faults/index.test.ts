// Every fault and every hostile input (`docs/spec/limits.md#faults`) has a test with its number.
import { readFileSync, readdirSync } from 'node:fs'
import t from 'tap'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const titles = [
  ...readdirSync(new URL('.', import.meta.url)).filter(name => name.endsWith('.ts') && name !== 'index.test.ts').map(
    read,
  ),
  read('../pages/chat.ts'),
  read('../valkey/gateway.tests.ts'),
].flatMap(text =>
  [...text.matchAll(/(?:test|fault|faultWith|cut)\(\s*(?:\{[^{}]*\},\s*)?['"`]((?:[FH]\d\d(?:, | to |:? ))+)/g)].map((
    [, numbers = ''],
  ) => numbers)
)

void t.test('every fault from F01 to F36 and H01 to H60 has a test', async t => {
  const numbered = new Set(titles.flatMap(title => title.match(/[FH]\d\d/g) ?? []))
  const wanted = [...Array.from({ length: 36 }, (_, at) => `F${String(at + 1).padStart(2, '0')}`),
    ...Array.from({ length: 60 }, (_, at) => `H${String(at + 1).padStart(2, '0')}`)]
  t.same(wanted.filter(number => !numbered.has(number)), [])
})
