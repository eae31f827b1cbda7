// Renders docs/reliability.md: each figure, how it was measured, and whether it is met.
import { cpus, release, totalmem } from 'node:os'
import type { Figure, Outcome } from './figure.ts'

/** An entry of docs/reliability.json. */
export interface Kept extends Outcome {
  readonly seconds: number
  readonly long: boolean
  readonly date: string
  readonly commit: string
}
export interface Measured extends Kept {
  readonly figure: Figure
}

export function report (measured: readonly Measured[], { loadBefore }: { readonly loadBefore: number }): string {
  const rows = [...measured].sort((a, b) => Number(a.figure.id.slice(1)) - Number(b.figure.id.slice(1)))
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  const short = rows.filter(({ ok }) => !ok)
  return `# Reliability: the figures

Written by \`npm run test:soak\`. Each row is one measurement of the bundle in the image. "Must" is the release gate;
missed rows are marked. Rows can be of different runs: each names its day and commit, and \`--long\` for the long form.
The bare relay is \`node:http\` in and undici out, without accounts, checks, limits or logs. It shows the least that a
relay can cost, in the same run with the same driver. The [spec](spec/limits.md#figures) lists all figures.

**Machine.** ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${
    Math.round(totalmem() / 2 ** 30)
  } GiB, Linux ${release()}, Node ${process.version}.
Gateway, upstream, bare relay and driver are separate processes on these cores, over loopback; load average before the
last run: ${loadBefore.toFixed(2)}.

${
    short.length === 0
      ? 'All figures are met.'
      : `${short.length} of ${rows.length} figures are missed: ${short.map(({ figure }) => figure.id).join(', ')}.`
  }

| Figure | | Must | Measured | Bare relay | Note |
|---|---|---|---|---|---|
${
    rows.map(({ figure, measured: text, bare = '–', note = '', ok, seconds, long, date, commit }) =>
      `| ${figure.id} ${cell(figure.name)} | ${ok ? 'met' : '**missed**'} | ${cell(figure.must)} | ${cell(text)} | ${
        cell(bare)
      } | ${cell(note)}${note === '' ? '' : '; '}${Math.round(seconds)} s, ${date}, ${commit}${
        long ? ', `--long`' : ''
      } |`
    ).join('\n')
  }
${
    short.length === 0
      ? ''
      : `\n## Missed figures\n\n${
        short.map(({ figure: { id, name } }) => `- **${id}** ${known[id] ?? `${name}: the cause is not known.`}`).join(
          '\n',
        )
      }\n`
  }`
}

/** Known reasons of missed rows, as of 2026-11-23; printed for rows that still miss. */
const known: Readonly<Record<string, string>> = {
  G3: 'The tail is too slow while other work runs on the machine. We have not measured it on a quiet one.',
  G5: 'A few sign-ins a second too slow while other work runs on the machine. Two password derivations run at once '
    + 'and need a core each, so other work shows here.',
  G19: 'Only resident memory. No stream and no call failed in thirty minutes, live memory after a collection does not '
    + 'grow, and descriptors are released. The memory that V8 and the C library keep for peaks between collections '
    + 'still grew a little; other work ran on the machine meanwhile.',
}
