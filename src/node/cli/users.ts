// `users list` and `users delete <name>`: they work on the store itself, whether a server runs or not.
import { parseArgs } from 'node:util'
import { readEntries } from '../../auth/entries.ts'
import { createPeppers } from '../../auth/peppers.ts'
import { describeUsers, listNames, removeTraces } from '../../auth/user-list.ts'
import type { Config } from '../../config.ts'
import { keys } from '../../store/keys.ts'
import type { Store } from '../../store/store.ts'
import { auditCommand } from './audit-line.ts'
import { configFor, openExisting } from './configured-store.ts'
import { plain, silent, UsageError, type Command, type Io } from './io.ts'

export const users: Command = async (args, io) => {
  const { values, positionals: [action, name, ...more] } = parseArgs({ args: [...args], allowPositionals: true,
    options: { json: { type: 'boolean', default: false } } })
  const isRight = more.length === 0
    && (action === 'list' ? name === undefined : action === 'delete' && name !== undefined && !values.json)
  if (!isRight) throw new UsageError('It is "users list" or "users delete <name>".')
  const config = configFor(io.env)
  const store = await openExisting(config, io.clock)
  try {
    return name === undefined
      ? await list(store, config, values.json, io)
      : await remove(store, name, config.authRevalidateSeconds, io)
  } finally {
    await store.close()
  }
}

async function list (store: Store, config: Config, asJson: boolean, { out }: Io): Promise<number> {
  const peppers = createPeppers(config.pepper, config.previousPepper, silent)
  const found = await describeUsers(store, await listNames(store),
    async username => readEntries(await store.get(keys.user(username)), username, peppers))
  if (asJson) {
    out(JSON.stringify({ object: 'list', users: found }))
    return 0
  }
  if (found.length === 0) out('There are no users.')
  else {
    const width = Math.max(8, ...found.map(({ username }) => username.length))
    out(`${'username'.padEnd(width)}  created     last used   keys`)
    for (const { username, created, last_used: lastUsed, keys: own } of found) {
      const names = own === null ? 'unreadable' : own.map(({ name }) => plain(name)).join(', ')
      out(
        `${plain(username).padEnd(width)}  ${created ?? '–         '}  ${(lastUsed ?? '–').padEnd(10)}  ${names}`
          .trimEnd(),
      )
    }
  }
  return 0
}

async function remove (store: Store, name: string, warmSeconds: number, io: Io): Promise<number> {
  // With a colon, the name would be the prefix of another user's keys.
  const isName = /^[^:\p{Cc}]{1,256}$/u.test(name)
  const isThere = isName && await store.get(keys.user(name)) !== null
  // Deletes the record first: if the deletion breaks off, the next one continues.
  if (isThere) await store.delete(keys.user(name))
  const hadTokens = isName && await removeTraces(store, name)
  if (!isThere && !hadTokens) {
    io.err(`There is no user ${plain(name)}.`)
    return 1
  }
  auditCommand(io, 'admin-delete', name)
  io.out(
    `${plain(name)} is deleted. A running server rejects them at the latest ${warmSeconds} s after their last request${
      store.kind === 'cloudflare-kv' ? ', or a minute later on KV' : ''
    }.`,
  )
  return 0
}
