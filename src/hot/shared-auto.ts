// Sessions of Auto that all processes of a deployment use: a conversation keeps its model, whichever process serves it.
import { isObject } from '../json.ts'
import type { Account } from '../auth/account.ts'
import type { Clock } from '../contract.ts'
import type { SharedSession, SharedSessions } from '../upstream/auto.ts'
import { readModels } from '../upstream/model-copy.ts'
import type { Engine } from './engine.ts'
import { pack, unpack } from './packed.ts'

export function createSharedAuto (engine: Engine, { now }: Pick<Clock, 'now'>): SharedSessions {
  return {
    async read (account, seat, conversation) {
      if (!engine.isOn()) return null
      const results = await engine.run(account.username, [{ do: 'get', key: keyOf(seat, conversation) }])
      const value = results?.[0].value ?? null
      return value === null ? null : readSession(account, value)
    },
    async write (account, seat, conversation, session) {
      if (!engine.isOn()) return
      const value = await pack(account, session)
      if (value.length > engine.maxValueLength) return
      await engine.run(account.username, [{ do: 'set', key: keyOf(seat, conversation), value,
        ttlMs: Math.max(1, session.endsAt - now()) }])
    },
  }
}

/** A new GitHub token of the seat has a new name, so it begins without sessions. */
function keyOf (seat: string, conversation: string): string {
  return `auto-${seat}-${conversation}`
}

async function readSession (account: Account, packed: string): Promise<SharedSession | null> {
  const value = await unpack(account, packed)
  if (!isObject(value)) return null
  const { token, endsAt, hasImage, isSummarised, isEnded } = value
  const [model] = readModels([value['model']]).models
  return typeof token === 'string' && typeof endsAt === 'number' && model !== undefined
    ? { token, model, endsAt, hasImage: hasImage === true, isSummarised: isSummarised === true,
      isEnded: isEnded === true }
    : null
}
