// The peppers: the server's own part of every seal. A record names the pepper that it needs by a short id.
import { equalBytes, toBase64Url } from '../bytes.ts'
import type { Bytes, Log } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { Pepper } from './record.ts'
import { pepperId } from './seal.ts'
import { envelopeKey } from './wrap.ts'

export interface Peppers {
  /** The pepper for new seals. Null when none is configured. */
  readonly current: () => Promise<Pepper | null>
  /**
   * The pepper with this id.
   * @throws {GatewayError} `pepper_missing`, never 401: if many users got a 401, they would register again
   */
  readonly of: (id: Bytes | null) => Promise<Bytes | null>
  /** The key of the envelopes that were sealed under the pepper with this id. @throws {GatewayError} as `of` */
  readonly envelope: (id: Bytes | null) => Promise<CryptoKey>
  /** Whether a record with this pepper id needs a new seal. */
  readonly isOutdated: (id: Bytes | null) => Promise<boolean>
}

export function createPeppers (current: Bytes | null, previous: Bytes | null, log: Log): Peppers {
  let known: { current: Pepper | null, previous: Pepper | null } | undefined
  const load = async () => known ??= { current: await named(current), previous: await named(previous) }

  /** At most three: one for each pepper, and one for none. */
  const envelopes = new Map<string, CryptoKey>()

  return {
    current: async () => (await load()).current,
    of,
    async envelope (id) {
      const name = id === null ? '' : toBase64Url(id)
      const known = envelopes.get(name)
      if (known !== undefined) return known
      const key = await envelopeKey(await of(id))
      envelopes.set(name, key)
      return key
    },
    async isOutdated (id) {
      const wanted = (await load()).current?.id ?? null
      return id === null || wanted === null ? id !== wanted : !equalBytes(id, wanted)
    },
  }

  async function of (id: Bytes | null): Promise<Bytes | null> {
    if (id === null) return null
    const { current, previous } = await load()
    const found = [current, previous].find(pepper => pepper !== null && equalBytes(pepper.id, id))
    if (found !== undefined && found !== null) return found.secret
    log.error({ event: 'pepper-missing' },
      'a record needs a pepper that is neither SECRET_PEPPER nor SECRET_PEPPER_PREVIOUS')
    throw new GatewayError('pepper_missing',
      'This proxy was started without the secret that this account was sealed with. The operator has to restore it.', {
      retryAfterSeconds: 60,
    })
  }
}

async function named (secret: Bytes | null): Promise<Pepper | null> {
  return secret === null ? null : { secret, id: await pepperId(secret) }
}
