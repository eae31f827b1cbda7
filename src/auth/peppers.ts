// The server's own share of every seal. A record says by a short id which pepper it needs.
import { equalBytes } from '../bytes.ts'
import type { Bytes, Log } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { Pepper } from './record.ts'
import { pepperId } from './seal.ts'

export interface Peppers {
  /** What new seals are made with; null when none is configured. */
  readonly current: () => Promise<Pepper | null>
  /** The pepper behind an id. @throws {GatewayError} `pepper_missing`, never 401: a mass of 401s would make users register anew */
  readonly of: (id: Bytes | null) => Promise<Bytes | null>
  /** Whether a record with this id should be sealed anew. */
  readonly isOutdated: (id: Bytes | null) => Promise<boolean>
}

export function createPeppers (current: Bytes | null, previous: Bytes | null, log: Log): Peppers {
  let known: { current: Pepper | null, previous: Pepper | null } | undefined
  const load = async () => known ??= { current: await named(current), previous: await named(previous) }

  return {
    current: async () => (await load()).current,
    async of (id) {
      if (id === null) return null
      const { current, previous } = await load()
      const found = [current, previous].find(pepper => pepper !== null && equalBytes(pepper.id, id))
      if (found !== undefined && found !== null) return found.secret
      log.error({ event: 'pepper-missing' }, 'a record needs a pepper that is neither SECRET_PEPPER nor SECRET_PEPPER_PREVIOUS')
      throw new GatewayError('pepper_missing', 'This proxy was started without the secret that this account was sealed with. The operator has to restore it.', { retryAfterSeconds: 60 })
    },
    async isOutdated (id) {
      const wanted = (await load()).current?.id ?? null
      return id === null || wanted === null ? id !== wanted : !equalBytes(id, wanted)
    },
  }
}

async function named (secret: Bytes | null): Promise<Pepper | null> {
  return secret === null ? null : { secret, id: await pepperId(secret) }
}
