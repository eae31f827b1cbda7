// Compares the coverage that tap has just measured with the recorded one. It may rise, and never drops.
// `node test/coverage/compare.ts --record` writes the record.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

interface Count {
  readonly total: number
  readonly covered: number
}
type Kind = 'lines' | 'branches' | 'functions'

const root = join(import.meta.dirname, '..', '..')
const recordFile = join(import.meta.dirname, 'record.json')
const kinds: readonly Kind[] = ['lines', 'branches', 'functions']
/** In percentage points: the lines that races reach differ from run to run. */
const tolerance = 0.3

const summary: Record<string, Record<Kind, Count>> = JSON.parse(
  readFileSync(join(root, '.tap/report/coverage-summary.json'), 'utf8'),
)
const loaded = new Map(Object.entries(summary).map(([file, counts]) => [relative(root, file), counts]))

/** Percentages of all files. A file that no test loads counts with all its lines. */
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
const measured = Object.fromEntries(kinds.map(kind => {
  let [total, covered] = [0, 0]
  for (const name of files) {
    const count = loaded.get(join('src', name))?.[kind]
    total += count?.total ?? (kind === 'lines' ? readFileSync(join(root, 'src', name), 'utf8').split('\n').length : 1)
    covered += count?.covered ?? 0
  }
  return [kind, Math.round(covered / total * 1_000) / 10]
})) as Record<Kind, number>

if (process.argv.includes('--record')) writeFileSync(recordFile, JSON.stringify(measured, null, 2) + '\n')
const record: Record<Kind, number> = JSON.parse(readFileSync(recordFile, 'utf8'))
const dropped = kinds.filter(kind => measured[kind] < record[kind] - tolerance)
for (const kind of kinds) {
  process.stdout.write(`${kind}: ${measured[kind]} %, on record ${record[kind]} %\n`)
}
if (dropped.length > 0) {
  process.stderr.write(
    `The coverage of ${dropped.join(' and ')} dropped. Test what is new, or say why in the record.\n`,
  )
  process.exitCode = 1
}
