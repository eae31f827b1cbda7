// Limits of client addresses, and the pace of device codes, over all processes. Each process first asks its own
// limiter; the engine is asked in the part of a request that waits anyway. An engine with an object for each owner has
// none of these: an attacker would have as many objects as addresses.
import type { SharedFailures } from '../auth/attempts.ts'
import { sha256, toBase64Url } from '../bytes.ts'
import type { Limiter } from '../limiter.ts'
import type { Engine } from './engine.ts'

/** As `Limiter`, over all processes: seconds, or a promise of them where the engine is asked. */
export interface AddressLimiter {
  readonly take: (address: string) => number | Promise<number>
  readonly peek: (address: string) => number | Promise<number>
}

/** @param limit `key`: of this limiter, no other has the same */
export function shareLimiter (
  local: Limiter,
  engine: Engine | null,
  limit: { readonly key: string, readonly perWindow: number, readonly windowMs: number },
): AddressLimiter {
  if (engine === null || !engine.keepsAddresses || limit.perWindow === 0) return local
  const ask = async (address: string, amount: number): Promise<number> => {
    if (!engine.isOn()) return 0
    const [result] =
      await engine.run(ownerOf(address), [{ do: 'take', key: limit.key, amount, limit: limit.perWindow,
        windowMs: limit.windowMs }]) ?? []
    return result === undefined || result.granted === 1 || result.waitMs === 0 ? 0 : result.waitMs / 1_000
  }
  return {
    take (address) {
      const seconds = local.take(address)
      return seconds > 0 || !engine.isOn() ? seconds : ask(address, 1)
    },
    peek (address) {
      const seconds = local.peek(address)
      return seconds > 0 || !engine.isOn() ? seconds : ask(address, 0)
    },
  }
}

/** No user name contains a colon. */
function ownerOf (address: string): string {
  return `address:${address}`
}

/** Device codes that other processes started or polled. */
export interface SharedDevices {
  readonly begin: (code: string, intervalSeconds: number) => Promise<void>
  /** Null if no process started the code, as far as the engine knows. */
  readonly intervalOf: (code: string) => Promise<number | null>
  /** Whether this poll keeps the pace. True if the engine does not answer. */
  readonly mayPoll: (code: string, pauseMs: number) => Promise<boolean>
}

/** Longer than GitHub's codes live. */
const codeLivesMs = 1_200_000

export function createSharedDevices (engine: Engine): SharedDevices {
  const isOn = () => engine.keepsAddresses && engine.isOn()
  return {
    async begin (code, intervalSeconds) {
      if (!isOn()) return
      await engine.run(await deviceOwner(code), [{ do: 'set', key: 'interval', value: String(intervalSeconds),
        ttlMs: codeLivesMs }])
    },
    async intervalOf (code) {
      const [result] = isOn() ? await engine.run(await deviceOwner(code), [{ do: 'get', key: 'interval' }]) ?? [] : []
      const seconds = Number(result?.value ?? NaN)
      return Number.isFinite(seconds) ? seconds : null
    },
    async mayPoll (code, pauseMs) {
      if (!isOn()) return true
      const [result] =
        await engine.run(await deviceOwner(code), [{ do: 'take', key: 'poll', amount: 1, limit: 1,
          windowMs: Math.max(1, pauseMs) }]) ?? []
      return result === undefined || result.granted === 1
    },
  }
}

/** A code opens an account for a while, so no engine gets it. */
async function deviceOwner (code: string): Promise<string> {
  return `device:${toBase64Url(await sha256(`device\n${code}`)).slice(0, 22)}`
}

/** @param kind what is tried; each kind has its own count */
export function createSharedFailures (
  engine: Engine,
  kind: 'sign-in' | 'invite' | 'operator' | 'device-code',
  perMinute: number,
): SharedFailures | undefined {
  if (!engine.keepsAddresses || perMinute === 0) return undefined
  const step = { do: 'take', key: `failures:${kind}`, limit: perMinute, windowMs: 60_000 } as const
  return {
    async areUsedUp (address) {
      const [result] = engine.isOn() ? await engine.run(ownerOf(address), [{ ...step, amount: 0 }]) ?? [] : []
      return result !== undefined && result.waitMs > 0
    },
    note (address) {
      if (engine.isOn()) void engine.run(ownerOf(address), [{ ...step, amount: 1 }])
    },
  }
}
