// `migrate`: the options, the two stores, and the report. `migrate-records.ts` handles the records.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createPeppers } from '../../auth/peppers.ts'
import type { Store } from '../../store/store.ts'
import { configFor, isMissing, openConfigured, openExisting, type LastingKind } from './configured-store.ts'
import { silent, UsageError, type Command } from './io.ts'
import { migrateRecords } from './migrate-records.ts'
import { printReport } from './migrate-report.ts'
import { withoutWrites, withPatience } from './migrate-stores.ts'

const lastingKinds = ['sqlite', 'valkey', 'cloudflare-kv'] as const satisfies readonly LastingKind[]

export const migrate: Command = async (args, io) => {
  const { values } = parseArgs({ args: [...args], options: {
    from: { type: 'string' },
    to: { type: 'string' },
    remove: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  } })
  const isDry = values['dry-run']
  const [fromKind, toKind] = [readKind(values.from, '--from'), readKind(values.to, '--to')]
  if ((fromKind === undefined) !== (toKind === undefined)) throw new UsageError('--from and --to go together.')
  const isInPlace = fromKind === toKind
  if (isInPlace && values.remove) throw new UsageError('--remove needs two stores, --from and --to.')

  const config = configFor(io.env, fromKind)
  // The store to move from must exist. A new store has nothing to seal.
  if (isMissing(config) && !isInPlace) throw new Error('There is no SQLite file in DATA_DIR to migrate from.')
  const prepare = (store: Store): Store => {
    const patient = withPatience(store, { wait: ms => sleep(ms), note: io.err })
    return isDry ? withoutWrites(patient) : patient
  }
  const from = prepare(await openExisting(config, io.clock))
  let to: Store | null = null
  try {
    if (!isInPlace) to = prepare(await (isDry ? openExisting : openConfigured)(configFor(io.env, toKind), io.clock))
    const report = await migrateRecords({
      from,
      to,
      remove: values.remove,
      keepDays: config.usageDays,
      iterations: config.kdfIterations,
      peppers: createPeppers(config.pepper, config.previousPepper, silent),
    })
    if (values.json) {
      io.out(
        JSON.stringify({ dry_run: isDry, ...report.counts, plain: report.plain, without_pepper: report.withoutPepper,
          stopped: report.stopped, records: report.notes }),
      )
    } else printReport(report, { from: config.store.kind, to: to?.kind ?? null, isDry, out: io.out })
    return report.counts.skipped + report.counts.failed > 0 || report.stopped !== null ? 1 : 0
  } finally {
    await from.close()
    await to?.close()
  }
}

function readKind (value: string | undefined, option: string): LastingKind | undefined {
  const kind = lastingKinds.find(kind => kind === value)
  if (value === undefined || kind !== undefined) return kind
  throw new UsageError(`${option} is sqlite, valkey or cloudflare-kv.`)
}
