// The report: which case runs on which target. It collects the cases without running them; each target has its own file
// that runs them.
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Frame } from '../fixtures/cases.ts'
import { suitesOf, topics, topicsOf } from './all.ts'
import { skips } from './skips.ts'

const names: string[] = []
for (const [topic, suite] of Object.entries(suitesOf('node-memory'))) {
  const note = (name: string): void => {
    names.push(`${topic}: ${name}`)
  }
  suite({ target: anything(), test: note, testWith: (_settings, name) => note(name) })
}

/** workerd and pairs of gateways are too slow for `npm test`; `npm run test:valkey` needs a server. */
const files: Readonly<Record<string, string | readonly string[]>> = { workerd: '../workers/suite.tests.ts',
  'workerd-objects': [1, 2, 3].map(part => `../workers/suite-objects-${part}.tests.ts`),
  'node-sqlite-2': '../faults/suite-sqlite-2.tests.ts', 'node-valkey': '../valkey/suite.tests.ts',
  'node-valkey-2': '../valkey/suite-two.tests.ts' }
const filesOf = (kind: string) => [files[kind] ?? `${kind}.test.ts`].flat()

for (const [kind, skipped] of Object.entries(skips)) {
  // What a process counts, reads or learns for itself has other numbers with two of them.
  const most = kind.endsWith('-2') ? 35 : 5
  void t.test(`${kind} runs every case of its topics, except ${most} at most, each with a reason`, t => {
    const own = filesOf(kind)
    for (const [at, file] of own.entries()) {
      const part = own.length === 1 ? '' : `, ${at}, ${own.length}`
      t.match(readFileSync(new URL(file, import.meta.url), 'utf8'),
        new RegExp(`runSuites\\(t, await startTarget\\('${kind}'\\), suitesOf\\('${kind}'${part}\\)`))
    }
    t.ok(Object.keys(skipped).length <= most)
    for (const [name, reason] of Object.entries(skipped)) {
      t.ok(names.includes(name), name)
      t.ok(reason.length > 20, reason)
    }
    t.end()
  })
}

void t.test('every topic runs on both runtimes', async t => {
  for (const kind of ['node-memory', 'workerd'] as const) t.strictSame(topicsOf[kind], topics)
})

const kinds = Object.keys(skips) as Array<keyof typeof skips>
t.comment(`cases × targets: ${names.length} × ${kinds.length} (${kinds.join(', ')})`)
for (const topic of topics) {
  const own = names.filter(name => name.startsWith(`${topic}: `))
  t.comment(
    `${topic}: ${
      kinds.filter(kind => topicsOf[kind].includes(topic)).map(kind =>
        `${kind} ${own.filter(name => !(name in skips[kind])).length}/${own.length}`
      ).join(', ')
    }`,
  )
}
for (const kind of kinds) {
  for (const [name, reason] of Object.entries(skips[kind])) t.comment(`skipped on ${kind}: ${name}: ${reason}`)
}

/** A target for collecting cases: it has every member that a topic reads before a case runs. */
function anything (): Frame['target'] {
  const self: unknown = new Proxy(() => self, { get: (_target, name) => name === Symbol.toPrimitive ? () => '' : self,
    apply: () => self })
  return self as Frame['target']
}
