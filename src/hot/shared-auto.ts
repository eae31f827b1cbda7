// Sessions of Auto that all processes of a deployment use: a conversation keeps its model, whichever process serves it.
import { sha256, toBase64Url } from '../bytes.ts'
import { isObject } from '../json.ts'
import type { Account } from '../auth/account.ts'
import type { Clock } from '../contract.ts'
import type { SharedSession, SharedSessions } from '../upstream/auto.ts'
import { readModels } from '../upstream/model-copy.ts'
import type { Engine } from './engine.ts'
import { pack, unpack } from './packed.ts'

export function createSharedAuto (engine: Engine, { now }: Pick<Clock, 'now'>): SharedSessions {
  const read: SharedSessions['read'] = async (account, seat, conversation) => {
    if (!engine.isOn()) return null
    const results = await engine.run(account.username, [{ do: 'get', key: await keyOf(seat, conversation) }])
    const value = results?.[0].value ?? null
    return value === null ? null : readSession(account, value)
  }
  const write: SharedSessions['write'] = async (account, seat, conversation, session) => {
    if (!engine.isOn()) return
    const value = await pack(account, session)
    if (value.length > engine.maxValueLength) return
    await engine.run(account.username, [{ do: 'set', key: await keyOf(seat, conversation), value,
      ttlMs: Math.max(1, session.endsAt - now()) }])
  }
  return {
    read,
    write,
    async mark (account, seat, conversation, session) {
      const latest = await read(account, seat, conversation)
      if (latest === null || latest.token === session.token) await write(account, seat, conversation, session)
    },
  }
}

/** A new GitHub token of the seat has a new name, so it begins without sessions. */
async function keyOf (seat: string, conversation: string): Promise<string> {
  return `auto-${toBase64Url(await sha256(`${seat}\n${conversation}`))}`
}

async function readSession (account: Account, packed: string): Promise<SharedSession | null> {
  const value = await unpack(account, packed)
  if (!isObject(value)) return null
  const { token, renewAt, endsAt, hasImage, isSummarised, isEnded } = value
  const [model] = readModels([value['model']]).models
  return typeof token === 'string' && typeof renewAt === 'number' && typeof endsAt === 'number' && model !== undefined
    ? { token, model, renewAt, endsAt, hasImage: hasImage === true, isSummarised: isSummarised === true,
      isEnded: isEnded === true }
    : null
}
