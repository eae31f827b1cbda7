// docs/reliability.md: what was measured, by what, and where it falls short.
import { cpus, release, totalmem } from 'node:os'
import type { Figure, Outcome } from './figure.ts'

/** As docs/reliability.json keeps it. */
export interface Kept extends Outcome { readonly seconds: number, readonly long: boolean, readonly date: string, readonly commit: string }
export interface Measured extends Kept { readonly figure: Figure }

export function report (measured: readonly Measured[], { loadBefore }: { readonly loadBefore: number }): string {
  const rows = [...measured].sort((a, b) => Number(a.figure.id.slice(1)) - Number(b.figure.id.slice(1)))
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  const short = rows.filter(({ ok }) => !ok)
  return `# Reliability: the figures

Written by \`npm run test:soak\`. Each row is one measurement, of the bundle that the image holds; "must" is the release gate, and a row that
misses it says so. Rows may be of different runs: each names its day and commit, and \`--long\` where it was the long form. The bare relay is \`node:http\` in and undici out, with no account, no check, no limit and no log: the
least that a relay can cost, measured in the same run with the same driver.

**Machine.** ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}.
Gateway, upstream, bare relay and the driver are processes of their own on these cores, over loopback; load average before the last run: ${loadBefore.toFixed(2)}.

${short.length === 0 ? 'Every must is met.' : `${short.length} of ${rows.length} musts are missed: ${short.map(({ figure }) => figure.id).join(', ')}.`}

| Figure | | Must | Measured | Bare relay | Note |
|---|---|---|---|---|---|
${rows.map(({ figure, measured: text, bare = '–', note = '', ok, seconds, long, date, commit }) => `| ${figure.id} ${cell(figure.name)} | ${ok ? 'met' : '**missed**'} | ${cell(figure.must)} | ${cell(text)} | ${cell(bare)} | ${cell(note)}${note === '' ? '' : '; '}${Math.round(seconds)} s, ${date}, ${commit}${long ? ', `--long`' : ''} |`).join('\n')}
${short.length === 0 ? '' : `\n## What is missed, and why\n\n${short.map(({ figure: { id, name } }) => `- **${id}** ${known[id] ?? `${name}: the cause is not known.`}`).join('\n')}\n`}`
}

/** What is known of the rows that have been missed, as of 2026-11-23; printed for those that still are. */
const known: Readonly<Record<string, string>> = {
  G3: 'The tail, not the rate: with other work on the machine. Not shown to hold on a quiet one.',
  G5: 'By a few sign-ins a second, with other work on the machine. Two stretches run at once and need a core each, so whatever else runs shows here.',
  G19: 'Resident memory alone. No stream and no call failed in thirty minutes, what is alive after a collection does not grow, and descriptors come back. What V8 and the C library keep of the peaks between collections still grew a little; other work ran on the machine meanwhile.',
}
