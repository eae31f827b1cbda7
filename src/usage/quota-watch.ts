// Compares this process's counts with Copilot's own. Each answer of a model has the rest of the seat's quota in a
// header, `docs/spec/copilot.md#rate-limits`: the first and the last of them show what Copilot counted in between.
// Other tools on the same seat count there too, so a difference is no proof of an error.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'
import type { Clock, ReceivedHeaders } from '../contract.ts'

export interface Reconciled {
  readonly bucket: string
  /** AI credits, or requests on seats that pay by request. */
  readonly unit:
    | 'credits'
    | 'requests'
  /** Milliseconds since the epoch. */
  readonly since: number
  /** Of the bucket, in its unit. */
  readonly entitlement: number
  readonly remaining: number
  /** What Copilot counted since then. */
  readonly copilot: number
  /** What this process counted since then. */
  readonly counted: number
}

/** What one call cost, in the units that seats pay in. */
export interface Cost {
  readonly nanoCredits: number
  /** Premium requests: the multiplier of the model. Null for a request of an agent, which costs none. */
  readonly premium: number | null
}

export interface QuotaWatch {
  /** Runs for every answer of Copilot. */
  readonly seen: (account: Account, headers: ReceivedHeaders) => void
  readonly counted: (account: Account, cost: Cost) => void
  /** Null before the first answer that names a limited quota. */
  readonly of: (account: Account) => Reconciled | null
}

interface Snapshot {
  readonly unit: Reconciled['unit']
  readonly entitlement: number
  readonly remaining: number
  readonly used: number
}
interface Watched {
  readonly bucket: string
  readonly since: number
  readonly first: Snapshot
  last: Snapshot
  nanoCredits: number
  premium: number
  /** Both counts when `last` came: the header of an answer cannot know the tokens of that answer. */
  atLast: { readonly nanoCredits: number, readonly premium: number }
}

const prefix = 'x-quota-snapshot-'
/** Of paid seats, and of Copilot Free. */
const buckets = ['premium_interactions', 'chat'] as const

export function createQuotaWatch ({ now }: Clock): QuotaWatch {
  const seats = new LRUCache<string, Watched>({ max: 10_000 })
  return {
    seen ({ seatId }, headers) {
      for (const bucket of buckets) {
        const snapshot = readSnapshot(headers[prefix + bucket])
        if (snapshot === null) continue
        const known = seats.get(seatId)
        // The quota began again: a new month, or another plan.
        if (known === undefined || known.bucket !== bucket || known.last.entitlement !== snapshot.entitlement
          || snapshot.used < known.first.used) {
          seats.set(seatId, { bucket, since: now(), first: snapshot, last: snapshot, nanoCredits: 0, premium: 0,
            atLast: { nanoCredits: 0, premium: 0 } })
        } else if (snapshot.used > known.last.used) { // Answers may overtake each other.
          known.last = snapshot
          known.atLast = { nanoCredits: known.nanoCredits, premium: known.premium }
        }
        return
      }
    },
    counted ({ seatId }, { nanoCredits, premium }) {
      const known = seats.get(seatId)
      if (known === undefined) return
      known.nanoCredits += nanoCredits
      // On Copilot Free every model costs at least one request.
      if (premium !== null) known.premium += known.bucket === 'chat' ? Math.max(1, premium) : premium
    },
    of ({ seatId }) {
      const known = seats.get(seatId)
      if (known === undefined) return null
      const { bucket, since, first, last, atLast: { nanoCredits, premium } } = known
      return { bucket, unit: last.unit, since, entitlement: last.entitlement, remaining: last.remaining,
        copilot: last.used - first.used, counted: last.unit === 'credits' ? nanoCredits / 1e9 : premium }
    },
  }
}

/** Null for an unlimited quota. `totRem` is the rest as an amount; without it there is only `rem`, in percent. */
function readSnapshot (header: string | undefined): Snapshot | null {
  if (header === undefined || header.length > 512) return null
  const entitlement = numberIn(header, 'ent')
  const percent = numberIn(header, 'rem')
  if (entitlement === null || entitlement <= 0 || percent === null) return null
  const total = numberIn(header, 'totRem')
  const remaining = total ?? entitlement * percent / 100
  return { unit: total === null ? 'requests' : 'credits', entitlement, remaining,
    used: entitlement - remaining + (numberIn(header, 'ov') ?? 0) }
}

function numberIn (header: string, name: string): number | null {
  const at = `&${header}`.indexOf(`&${name}=`)
  const value = at === -1 ? NaN : Number.parseFloat(header.slice(at + name.length + 1))
  return Number.isFinite(value) ? value : null
}
