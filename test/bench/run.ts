// `npm run bench`: compares the gateway with the least that a relay can cost, as a table and as JSON. A whole run takes
// about 40 minutes and writes docs/performance.md. `--only=<part of a row's name>` prints some rows and writes nothing;
// `--sets=<number>` takes fewer or more sets of processes.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { coldSignIns, embeddings, idleStreams, modelsRate, startUp, type Figure } from './figures.ts'
import { argumentOf } from '../fixtures/measure.ts'
import { nextToLarge, largeTranslated } from './neighbours.ts'
import { installPeers, measurePeers } from './peers.ts'
import { startScript, stopAll } from './processes.ts'
import { measureRelay, mediansOf, relays, shapeRows, type Relay, type Rounds } from './relays.ts'
import { benchRender } from './render.ts'
import { machine, processSets, report, type Results, type Row } from './report.ts'
import { rulesCost } from './rules-cost.ts'
import { openStage, register, type Stage } from './stage.ts'

const only = argumentOf('only')
const rounds = Number(argumentOf('rounds') ?? 1)
const sets = Number(argumentOf('sets') ?? processSets)
const allRounds = rounds * sets
const isWanted = (name: string) => only === undefined || name.includes(only)
const local = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
/** The run may not block a machine for longer. */
const limit = setTimeout(() => {
  process.stderr.write('The run takes too long.\n')
  void stopAll().then(() => process.exit(1))
}, 60 * 60_000)

execFileSync(process.execPath, [local('src/build/server.js')])
if (isWanted('peers')) installPeers()
const before = machine()
try {
  const shapeSets = Math.max(1, Math.round(sets / 2))
  const rows = await relayRows(relays, sets)
  const shapeFigures = await relayRows(shapeRows, shapeSets)
  const stage = await openStage()
  if (only === undefined || rows.length + shapeFigures.length === 0) await warm(stage)
  const results: Results = { machine: before, rounds: allRounds, sets: { rows: sets, shapes: shapeSets }, rows,
    shapes: shapeFigures, worker: await workerRows(stage), figures: await otherFigures(stage),
    render: await rendering() }
  process.stdout.write(`${JSON.stringify(results)}\n`)
  if (only === undefined) {
    writeFileSync(local('docs/performance.json'), `${JSON.stringify(results, null, 2)}\n`)
    writeFileSync(local('docs/performance.md'), report(results))
  }
} finally {
  clearTimeout(limit)
  await stopAll()
}
process.exit(0)

async function relayRows (all: readonly Relay[], sets: number): Promise<Row[]> {
  const wanted = all.filter(({ name }) => isWanted(name))
  const measured = new Map(wanted.map(relay => [relay, [] as Rounds[]]))
  for (let set = 1; wanted.length > 0 && set <= sets; set++) {
    const stage = await openStage(wanted.some(({ shape }) => shape !== undefined))
    await warm(stage)
    for (const relay of wanted) measured.get(relay)?.push(await measureRelay(stage, relay, rounds))
    await stage.close()
    process.stdout.write(`       measured with ${set} of ${sets} sets of processes\n`)
  }
  return [...measured].map(([relay, each]) => toRow(relay, each))
}

/** 20,000 requests for each. */
async function warm (stage: Stage): Promise<void> {
  const [row] = relays
  if (row === undefined) return
  await measureRelay(stage, { ...row, count: 20_000, times: 1 }, 1)
}

/** The first four rows again, with the Worker as the gateway, and a JavaScript pipe in the same workerd as B. */
async function workerRows (stage: Stage): Promise<Row[]> {
  if (!isWanted('workerd')) return []
  const rows: Row[] = []
  for (const relay of relays.slice(0, 4)) {
    // A workerd of the tests closes itself after five minutes, so each row has its own.
    const gateway = await startScript('workerd.ts', [stage.upstream.origin])
    const B = await startScript('workerd.ts', [stage.upstream.origin, './worker-pipe.ts'])
    await register(gateway.origin, stage.user)
    // A pipe does not look at the body, so a large one may cost more.
    const streamed = relay.bodyBytes > 65_536 ? 2 : 1.2
    const must = { of: 'B', ratio: relay.events === 0 ? 1.5 : streamed } as const
    const measured = await measureRelay({ ...stage, targets: { ...stage.targets, gateway, B } }, { ...relay,
      yardsticks: ['A', 'B'], warmUps: 600 }, 5)
    rows.push(toRow({ ...relay, name: `${relay.name}, workerd`, must }, [measured]))
    await Promise.all([gateway.stop(), B.stop()])
  }
  return rows
}

async function otherFigures (stage: Stage): Promise<Figure[]> {
  const wanted: ReadonlyArray<readonly [string, () => Promise<Figure | Figure[]>]> = [['models',
    () => modelsRate(stage, allRounds)], ['embeddings', () => embeddings(stage, allRounds)], ['idle streams',
    () => idleStreams(stage, 3)], ['cold sign-ins', () => coldSignIns(stage)], ['large translated',
    () => largeTranslated(stage, 3)], ['neighbours', () => nextToLarge(stage, 5)], ['rules',
    () => rulesCost(stage, allRounds)], ['start-up', () => startUp(stage, allRounds)], ['peers',
    () => measurePeers(stage, allRounds)]]
  const figures: Figure[] = []
  for (const [name, measure] of wanted) {
    if (!isWanted(name)) continue
    for (const figure of [await measure()].flat()) {
      figures.push(figure)
      process.stdout.write(`${figure.ok ? '      ' : 'MISSED'} ${figure.name}: ${figure.measured} (${figure.must})\n`)
    }
  }
  return figures
}

async function rendering (): Promise<Results['render']> {
  if (!isWanted('chat page')) return []
  const figures = await benchRender()
  for (const { chunks, workMs, longestFrameMs } of figures) {
    process.stdout.write(
      `       chat page, ${chunks} chunks: ${workMs.toFixed(0)} ms of script, longest frame ${
        longestFrameMs.toFixed(1)
      } ms\n`,
    )
  }
  return figures
}

function toRow (relay: Relay, measured: readonly Rounds[]): Row {
  const row: Row = { name: relay.name, must: relay.must ?? null, perEvent: relay.perEvent === true,
    targets: Object.fromEntries(mediansOf(measured)) }
  const isMissed = relay.must !== undefined && (row.targets[relay.must.of]?.ratio ?? 0) > relay.must.ratio
  const each = Object.entries(row.targets).map(([name, { cpu, ratio }]) =>
    `${name} ${cpu.toFixed(1)} µs${name === 'gateway' ? '' : ` (${ratio.toFixed(2)})`}`
  ).join(', ')
  const fast = row.targets['gateway']?.fast ?? null
  const hits = fast === null ? '' : `, ${Math.round(100 * fast)} % of the events fast`
  process.stdout.write(`${isMissed ? 'MISSED' : '      '} ${row.name}: ${each}${hits}\n`)
  return row
}
