// The report: every case on every target. Cases are collected, not run; each target has a file of its own that runs them.
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Frame } from '../fixtures/cases.ts'
import { suites } from './all.ts'
import { skips } from './skips.ts'

const names: string[] = []
for (const [topic, suite] of Object.entries(suites)) {
  const note = (name: string): void => { names.push(`${topic}: ${name}`) }
  suite({ target: anything(), test: note, testWith: (_settings, name) => note(name) })
}

for (const [kind, skipped] of Object.entries(skips)) {
  void t.test(`${kind} runs every case but those that are skipped by name and reason, five at most`, t => {
    t.match(readFileSync(new URL(`${kind}.test.ts`, import.meta.url), 'utf8'), new RegExp(`runSuites\\(t, await startTarget\\('${kind}'\\), suites\\b`))
    t.ok(Object.keys(skipped).length <= 5)
    for (const [name, reason] of Object.entries(skipped)) {
      t.ok(names.includes(name), name)
      t.ok(reason.length > 20, reason)
    }
    t.end()
  })
}

const kinds = Object.keys(skips) as Array<keyof typeof skips>
t.comment(`cases × targets: ${names.length} × ${kinds.length} (${kinds.join(', ')})`)
for (const topic of Object.keys(suites)) {
  const own = names.filter(name => name.startsWith(`${topic}: `))
  t.comment(`${topic}: ${kinds.map(kind => `${kind} ${own.filter(name => !(name in skips[kind])).length}/${own.length}`).join(', ')}`)
}
for (const kind of kinds) for (const [name, reason] of Object.entries(skips[kind])) t.comment(`skipped on ${kind}: ${name}: ${reason}`)

/** A target that stands for any: whatever is asked of it before a case runs, it has. */
function anything (): Frame['target'] {
  const self: unknown = new Proxy(() => self, { get: (_target, name) => name === Symbol.toPrimitive ? () => '' : self, apply: () => self })
  return self as Frame['target']
}
