// All dialect folders have the same files: if you know one folder, you know them all.
import { readdirSync } from 'node:fs'
import t from 'tap'

const folders = ['chat', 'responses', 'messages', 'gemini']
const root = new URL('../../src/dialects/', import.meta.url)
const filesOf = (folder: string): string[] =>
  readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' }).map(name =>
    name.replaceAll('\\', '/')
  ).filter(name => name.endsWith('.ts')).sort()

/** The files that each dialect has. */
const common = ['answer/decode-answer.ts', 'answer/decode-stream.ts', 'answer/encode-answer.ts',
  'answer/encode-stream.ts', 'errors.ts', 'index.ts', 'inspect.ts', 'native/prepare.ts', 'native/repair-answer.ts',
  'native/repair-stream.ts', 'request/decode-content.ts', 'request/decode-request.ts', 'request/decode-tools.ts',
  'request/encode-request.ts', 'request/encode-tools.ts', 'stop-reason.ts', 'usage.ts', 'wire.ts']
/** Copilot does not speak it. */
const clientsOnly = ['gemini']
const ofUpstream = /^(?:native\/|answer\/decode|request\/encode)/
/** Members of `Dialect` that some dialects have. */
const optional = ['compactions.ts', 'socket.ts', 'warm-up.ts', 'search-question.ts']
/** Further files split one of those. */
const further = new RegExp(
  `^(?:${
    ['wire-[a-z-]+', 'request/(?:decode|encode|normalise)(?:-[a-z-]+)?', 'answer/(?:decode|encode)-[a-z-]+',
      'native/(?:prepare|repair)-[a-z-]+'].join('|')
  })\\.ts$`,
)

t.test('each dialect has the same files, and no unplanned file', async t => {
  t.strictSame(readdirSync(root).sort(), ['contract', 'shared', ...folders].sort())
  for (const folder of folders) {
    const files = filesOf(folder)
    const isClient = clientsOnly.includes(folder)
    t.strictSame(common.filter(name => !files.includes(name) && !(isClient && ofUpstream.test(name))), [],
      `${folder} has every planned file`)
    t.ok(!isClient || files.every(name => !ofUpstream.test(name)), `${folder} has nothing for an upstream`)
    t.strictSame(files.filter(name => ![...common, ...optional].includes(name) && !further.test(name)), [],
      `${folder} has no other file`)
  }
})
