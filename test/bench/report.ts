// Renders docs/performance.md: the figures, the machine, and the limits that are missed.
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { commit, loadAverage } from '../fixtures/measure.ts'
import type { Figure } from './figures.ts'
import type { Figures, Relay } from './relays.ts'
import type { RenderFigures } from './render.ts'

/**
 * Two processes of the same bundle differ by a tenth during their whole life, so more processes improve a figure more
 * than more rounds do.
 */
export const processSets = 7

export interface Row {
  readonly name: string
  readonly must: Relay['must'] | null
  readonly perEvent: boolean
  readonly targets: Readonly<Record<string, Figures>>
}
export interface Machine {
  readonly description: string
  readonly date: string
  readonly commit: string
  readonly loadBefore: number
}
export interface Results {
  readonly machine: Machine
  readonly rounds: number
  /** Of processes. The forms of streams are many, so each is measured with fewer. */
  readonly sets: { readonly rows: number, readonly shapes: number }
  readonly rows: readonly Row[]
  readonly shapes: readonly Row[]
  readonly worker: readonly Row[]
  readonly figures: readonly Figure[]
  readonly render: readonly RenderFigures[]
}

export function machine (): Machine {
  return {
    description: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'} (virtual), ${
      Math.round(totalmem() / 2 ** 30)
    } GiB, Linux ${release()}, Node ${process.version}`,
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    loadBefore: loadAverage(),
  }
}

export function report (
  { machine: { description, date, commit, loadBefore }, rounds, sets, rows, shapes, worker, figures, render }: Results,
): string {
  const missed = [...rows, ...shapes, ...worker].filter(isMissed).length + figures.filter(({ ok }) => !ok).length
  return `# Performance: what a request costs

Written by \`npm run bench\` on ${date}, commit ${commit}; as numbers: [performance.json](performance.json).

**Machine.** ${description}; load average before the run: ${
    loadBefore.toFixed(2)
  }. Gateway, upstream, yardsticks and driver are
separate processes on these cores, over loopback.

**Comparison.** The gateway is the bundle of the image, with its limiters off and its log as shipped. **A** is a bare
\`node:http\` and undici relay that parses the body once; **B** is the same on bare Fastify. Neither signs users in,
checks, limits, repairs, times out, counts or logs. Upstream answers as Copilot does: chunks without \`object\`, with
filter results, each in its own write.

**Method.** CPU is the processor time of all threads of the process, as Linux's scheduler counts it. Each round measures
the gateway and the yardsticks one after the other, short rows in several turns, in a rotating order. A figure is the
median of ${rounds} rounds or more. A ratio is the median of the ratios within a round. The rounds use ${sets.rows}
sets of processes, one after the other, each warmed by 20,000 requests, and each row by up to 6,000 of its own: two
processes of the same code differ by a tenth during their whole life. "Paced" streams send an event every 4 ms, 16
streams at once and not in step; 125,000 of their events warm the processes.

${
    missed === 0
      ? 'All limits are kept.'
      : `${missed} of ${
        [...rows, ...shapes, ...worker].filter(({ must }) => must !== null).length + figures.filter(({ must }) =>
          must !== '–'
        ).length
      } limits are missed; the tables mark them. [Why](#where-the-limits-are-missed-and-why).`
  }

## On Node

| Work (warm) | Gateway | A | B | × A | × B | Limit | First byte p50 / p99 (A) | Peak memory (A) |
|---|---|---|---|---|---|---|---|---|
${rows.map(tableRow).join('\n')}
${linearity(rows)}
| Other | Measured | Limit |
|---|---|---|
${
    figures.map(figure => `| ${figure.name} | ${figure.measured} | ${figure.must}${figure.ok ? '' : ' **missed**'} |`)
      .join('\n')
  }
${
    render.map(({ chunks, workMs, longestFrameMs }) =>
      `| Chat page: Markdown of ${chunks} chunks in a browser | ${workMs.toFixed(0)} ms of script, longest frame ${
        longestFrameMs.toFixed(0)
      } ms | frames under 50 ms |`
    ).join('\n')
  }

## Every form of stream

200 events at once, except where the row says otherwise; sets of processes: ${sets.shapes}. "Fast" is the share of
upstream's events whose shape the gateway had learned ([the fast path](decisions/fast-path.md)). The forms are those of
\`test/unit/helpers/stream-shapes.ts\`, which the property tests use too.

${extremes(shapes)}

| Stream | Gateway | A | × A | Fast | Limit |
|---|---|---|---|---|---|
${shapes.map(shapeRow).join('\n')}

## The Worker under workerd

The bundle that \`wrangler deploy\` makes, minified, in a local workerd; CPU of that process. **Pipe** is a Worker in
the same workerd that reads each piece of a stream and writes it, and does nothing else. A whole answer passes it
untouched.

| Work (warm) | Worker | Pipe | × pipe | Limit | A | × A | First byte p50 / p99 | Peak memory |
|---|---|---|---|---|---|---|---|---|
${worker.map(workerRow).join('\n')}

${readFileSync(new URL('notes.md', import.meta.url), 'utf8').trim()}
`
}

function tableRow (row: Row): string {
  const { name, must, targets: { gateway, A, B } } = row
  const limit = must === undefined || must === null
    ? '–'
    : `${must.ratio} × ${must.of}${isMissed(row) ? ' **missed**' : ''}`
  return `| ${name} | ${us(gateway?.cpu)} | ${us(A?.cpu)} | ${us(B?.cpu)} | ${A?.ratio.toFixed(2) ?? '–'} | ${
    B?.ratio.toFixed(2) ?? '–'
  } | ${limit} | ${first(gateway)} (${first(A)}) | ${mib(gateway)} (${mib(A)}) |`
}

function workerRow (row: Row): string {
  const { name, must, targets: { gateway, A, B } } = row
  return `| ${name.replace(', workerd', '')} | ${us(gateway?.cpu)} | ${us(B?.cpu)} | ${B?.ratio.toFixed(2) ?? '–'} | ${
    must?.ratio ?? '–'
  }${isMissed(row) ? ' **missed**' : ''} | ${us(A?.cpu)} | ${A?.ratio.toFixed(2) ?? '–'} | ${first(gateway)} | ${
    mib(gateway)
  } |`
}

function shapeRow (row: Row): string {
  const { name, must, targets: { gateway, A } } = row
  const share = gateway?.fast ?? null
  return `| ${name} | ${us(gateway?.cpu)} | ${us(A?.cpu)} | ${A?.ratio.toFixed(2) ?? '–'} | ${
    share === null ? '–' : `${Math.round(100 * share)} %`
  } | ${must?.ratio ?? '–'} × A${isMissed(row) ? ' **missed**' : ''} |`
}

/** The best and the worst form, and how far the worst Chat stream is from the best. */
function extremes (rows: readonly Row[]): string {
  const ratioOf = ({ targets }: Row): number => targets['A']?.ratio ?? NaN
  const sorted = [...rows].sort((a, b) => ratioOf(a) - ratioOf(b))
  const [best] = sorted
  const worst = sorted.at(-1)
  if (best === undefined || worst === undefined) return 'Not measured in this run.'
  const chat = sorted.filter(({ name }) => /^Chat, .*: same dialect$/.test(name)).map(ratioOf)
  const spread = (chat.at(-1) ?? NaN) / (chat[0] ?? NaN)
  return `Best: ${best.name}, ${ratioOf(best).toFixed(2)} × A. Worst: ${worst.name}, ${
    ratioOf(worst).toFixed(2)
  } × A. The worst Chat stream of one dialect costs ${spread.toFixed(2)} times the best; the limit is 1.35.`
}

function isMissed ({ must, targets }: Row): boolean {
  return must !== null && must !== undefined && (targets[must.of]?.ratio ?? Infinity) > must.ratio
}

/** Twice the events, at most 2.1 times the processor time. */
function linearity (rows: readonly Row[]): string {
  const found = rows.filter(({ name }) => name.endsWith('400 events at once')).map(({ name, targets }) => {
    const pair = name.replace(', 400 events at once', '')
    const half = rows.find(row => row.name === `${pair}, at once`)?.targets['gateway']?.cpu ?? NaN
    return { pair, ratio: (targets['gateway']?.cpu ?? NaN) / half }
  })
  return found.length === 0
    ? ''
    : `\nTwice the events cost ${
      found.map(({ pair, ratio }) => `${ratio.toFixed(2)} times (${pair})`).join(', ')
    }; the limit is 2.1.\n`
}

function us (value: number | undefined): string {
  return value === undefined ? '–' : `${value < 100 ? value.toFixed(1) : Math.round(value)} µs`
}

function first (figures: Figures | undefined): string {
  return figures === undefined || Number.isNaN(figures.p50)
    ? '–'
    : `${figures.p50.toFixed(1)} / ${figures.p99.toFixed(1)} ms`
}

function mib (figures: Figures | undefined): string {
  return figures === undefined || Number.isNaN(figures.peakMiB) ? '–' : `${figures.peakMiB.toFixed(0)} MiB`
}
