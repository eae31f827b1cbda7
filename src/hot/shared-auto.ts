// Sessions of Auto that all processes of a deployment use: a conversation keeps its model, whichever process serves it.
import { sha256, toBase64Url } from '../bytes.ts'
import { isObject } from '../json.ts'
import type { Account } from '../auth/account.ts'
import type { Clock } from '../contract.ts'
import { mergeSessions, type SharedSession, type SharedSessions } from '../upstream/auto-session.ts'
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
  return {
    read,
    async write (account, seat, conversation, session) {
      if (!engine.isOn()) return
      const next = mergeSessions(await read(account, seat, conversation), session)
      const value = await pack(account, next)
      if (value.length > engine.maxValueLength) return
      await engine.run(account.username, [{ do: 'set', key: await keyOf(seat, conversation), value,
        ttlMs: Math.max(1, next.endsAt - now()) }])
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
  const { token, openedAt, renewAt, endsAt, hasImage, isSummarised, isEnded } = value
  const [model] = readModels([value['model']]).models
  return typeof token === 'string' && typeof openedAt === 'number' && typeof renewAt === 'number'
      && typeof endsAt === 'number' && model !== undefined
    ? { token, model, openedAt, renewAt, endsAt, hasImage: hasImage === true, isSummarised: isSummarised === true,
      isEnded: isEnded === true }
    : null
}
