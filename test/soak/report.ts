// docs/reliability.md: what was measured, by what, and where it falls short.
import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import { readFileSync } from 'node:fs'
import type { Figure, Outcome } from './figure.ts'

export interface Measured extends Outcome { readonly figure: Figure, readonly seconds: number }

export function report (measured: readonly Measured[], { long, loadBefore, date }: { readonly long: boolean, readonly loadBefore: number, readonly date: string }): string {
  const rows = [...measured].sort((a, b) => Number(a.figure.id.slice(1)) - Number(b.figure.id.slice(1)))
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  const short = rows.filter(({ ok }) => !ok)
  return `# Reliability: the figures

Written by \`npm run test:soak\`${long ? ' with `--long`' : ''} on ${date}. Each row is one measurement; "must" is the release gate, and a row that
misses it says so. The bare relay is \`node:http\` in and undici out, with no account, no check, no limit and no log: the
least that a relay can cost, measured in the same run with the same driver.

**Machine.** ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}, commit ${commit()}.
Gateway, upstream, bare relay and the driver are processes of their own on these cores, over loopback; load average before the run: ${loadBefore.toFixed(2)}.

${short.length === 0 ? 'Every must is met.' : `${short.length} of ${rows.length} musts are missed: ${short.map(({ figure }) => figure.id).join(', ')}.`}

| Figure | | Must | Measured | Bare relay | Note |
|---|---|---|---|---|---|
${rows.map(({ figure, measured: text, bare = '–', note = '', ok, seconds }) => `| ${figure.id} ${cell(figure.name)} | ${ok ? 'met' : '**missed**'} | ${cell(figure.must)} | ${cell(text)} | ${cell(bare)} | ${cell(note)}${note === '' ? '' : '; '}${Math.round(seconds)} s |`).join('\n')}
`
}

/** Whatever is checked out, and whether it was changed since. */
function commit (): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', 'src') === '' ? '' : ' with changes'}`
  } catch { return 'unknown' }
}

/** A container may have fewer cores than the machine shows; the kernel's own count of what runs says how quiet it was. */
export function loadAverage (): number {
  try { return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]) } catch { return NaN }
}
