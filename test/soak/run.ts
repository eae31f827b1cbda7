// `npm run test:soak`: measures the figures of `docs/spec/limits.md#figures` and writes docs/reliability.md. Arguments:
// `--long` for the 30-minute soak and full fuzz budgets, `--only=G1,G3` for some figures; the others keep their values
// from docs/reliability.json. It measures the bundle of the image, which it builds first.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { argumentOf, commit, loadAverage } from '../fixtures/measure.ts'
import type { Outcome } from './figure.ts'
import { loadFigures } from './figures-load.ts'
import { propertyFigures } from './figures-properties.ts'
import { safetyFigures } from './figures-safety.ts'
import { stallFigures } from './figures-stalls.ts'
import { streamFigures } from './figures-streams.ts'
import { report, type Kept } from './report.ts'
import { openStage } from './stage.ts'

const long = process.argv.includes('--long')
const only = argumentOf('only')?.split(',')
/** One measurement may not block the others, nor the whole run a machine. */
const longestMs = { one: long ? 35 * 60_000 : 150_000, all: long ? 60 * 60_000 : 40 * 60_000 }

const local = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const store = local('docs/reliability.json')
execFileSync(process.execPath, [local('src/build/server.js')])
const loadBefore = loadAverage()
const all = [...streamFigures, ...loadFigures, ...propertyFigures, ...safetyFigures, ...stallFigures]
const known = existsSync(store) ? JSON.parse(readFileSync(store, 'utf8')) as Record<string, Kept> : {}
// The search through the logs comes last.
const figures = all.filter(({ id }) => only === undefined || only.includes(id)).sort((a, b) =>
  Number(a.id === 'G17') - Number(b.id === 'G17')
)
let allMet = true
const stage = await openStage()
const limit = setTimeout(() => {
  process.stderr.write('The run takes too long.\n')
  void stage.close().then(() => process.exit(1))
}, longestMs.all)
for (const figure of figures) {
  const from = performance.now()
  const outcome: Outcome = await Promise.race([figure.run(stage, { long }), new Promise<never>((_resolve, reject) => {
    setTimeout(() => {
      reject(new Error('no end in time'))
    }, figure.longestMs ?? longestMs.one).unref()
  })]).catch((thrown: unknown) => ({ measured: `not measured: ${String(thrown).slice(0, 300)}`, ok: false }))
  const seconds = (performance.now() - from) / 1_000
  known[figure.id] = { ...outcome, seconds, long, date: new Date().toISOString().slice(0, 10), commit: commit() }
  allMet &&= outcome.ok
  process.stdout.write(
    `${outcome.ok ? 'ok    ' : 'MISSED'} ${figure.id} ${figure.name} (${
      seconds.toFixed(0)
    } s)\n       ${outcome.measured}\n${outcome.bare === undefined ? '' : `       bare: ${outcome.bare}\n`}${
      outcome.note === undefined ? '' : `       ${outcome.note}\n`
    }`,
  )
  // After each figure, so that a run that is cut short keeps what it has.
  writeFileSync(store, `${JSON.stringify(known, null, 2)}\n`)
  writeFileSync(local('docs/reliability.md'), report(all.flatMap(figure =>
    known[figure.id] === undefined ? [] : [{ figure, ...known[figure.id] as Kept }]
  ), { loadBefore }))
}
clearTimeout(limit)
await stage.close()
process.exit(allMet ? 0 : 1)
