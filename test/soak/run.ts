// `npm run test:soak`: measures the figures of `reliability-security.md` section 7 and writes docs/reliability.md.
// Arguments: `--long` for the 30-minute soak and full fuzz budgets, `--only=G1,G3` for some, which are then only printed.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Outcome } from './figure.ts'
import { loadFigures } from './figures-load.ts'
import { propertyFigures } from './figures-properties.ts'
import { safetyFigures } from './figures-safety.ts'
import { streamFigures } from './figures-streams.ts'
import { loadAverage, report, type Measured } from './report.ts'
import { openStage } from './stage.ts'

const long = process.argv.includes('--long')
const only = process.argv.find(argument => argument.startsWith('--only='))?.slice(7).split(',')
/** One measurement may not hold up the others, nor the whole run a machine. */
const longestMs = { one: long ? 35 * 60_000 : 150_000, all: long ? 60 * 60_000 : 12 * 60_000 }

const file = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url))
const loadBefore = loadAverage()
const figures = [...streamFigures, ...loadFigures, ...propertyFigures, ...safetyFigures].filter(({ id }) => only === undefined || only.includes(id))
  // What looks through the logs of the run comes last.
  .sort((a, b) => Number(a.id === 'G17') - Number(b.id === 'G17'))
const stage = await openStage()
const limit = setTimeout(() => { process.stderr.write('The run takes too long.\n'); void stage.close().then(() => process.exit(1)) }, longestMs.all)
const measured: Measured[] = []
for (const figure of figures) {
  const from = performance.now()
  const outcome: Outcome = await Promise.race([
    figure.run(stage, { long }),
    new Promise<never>((_resolve, reject) => { setTimeout(() => { reject(new Error('no end in time')) }, longestMs.one).unref() }),
  ]).catch((thrown: unknown) => ({ measured: `not measured: ${String(thrown).slice(0, 300)}`, ok: false }))
  const seconds = (performance.now() - from) / 1_000
  measured.push({ figure, seconds, ...outcome })
  process.stdout.write(`${outcome.ok ? 'ok    ' : 'MISSED'} ${figure.id} ${figure.name} (${seconds.toFixed(0)} s)\n       ${outcome.measured}\n${outcome.bare === undefined ? '' : `       bare: ${outcome.bare}\n`}${outcome.note === undefined ? '' : `       ${outcome.note}\n`}`)
  // After each, so that a run that is cut short leaves what it has.
  if (only === undefined) writeFileSync(file, report(measured, { long, loadBefore, date: new Date().toISOString().slice(0, 10) }))
}
clearTimeout(limit)
await stage.close()
process.exit(measured.every(({ ok }) => ok) ? 0 : 1)
