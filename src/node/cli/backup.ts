// `backup <file>`: writes a consistent copy of the SQLite file, whether a server runs or not.
import { open } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { auditCommand } from './audit-line.ts'
import { configFor, isMissing, openConfigured } from './configured-store.ts'
import { UsageError, type Command } from './io.ts'

export const backup: Command = async (args, io) => {
  const { env, clock, out } = io
  const { positionals: [file, ...more] } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
  if (file === undefined || more.length > 0) throw new UsageError('It is "backup <file>".')
  const config = configFor(env)
  if (isMissing(config)) throw new Error('There is no SQLite file yet.')
  const store = await openConfigured(config, clock)
  try {
    if (store.copy === undefined) {
      throw new Error(`This store is no file. "migrate --from ${store.kind} --to sqlite" copies its users into one.`)
    }
    // Never over another file, and for this user alone.
    const target = await open(file, 'wx', 0o600)
    try {
      const copy = await store.copy()
      for await (const piece of copy.read()) await target.write(piece)
      await target.sync()
      await copy.close()
      auditCommand(io, 'admin-backup')
      out(`${file}: ${copy.bytes} bytes. Keep SECRET_PEPPER in another place.`)
    } finally {
      await target.close()
    }
  } finally {
    await store.close()
  }
  return 0
}
