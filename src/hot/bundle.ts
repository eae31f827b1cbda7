// The values of one answer are sealed once, as a list, under the key of the most important one. The keys of the others
// lead there: they hold that key, in the clear, and nothing else.
import type { Account } from '../auth/account.ts'
import { list } from '../json.ts'
import type { SharedKind } from '../relay/sharing.ts'
import type { SetStep } from '../store/hot-state.ts'
import { pack, unpack, type HotKey } from './packed.ts'

export interface SharedValue {
  readonly account: Account
  readonly kind: SharedKind
  readonly id: string
  readonly value: unknown
  readonly bytes: number
  /** Ids of items that the value contains. */
  readonly items: readonly string[]
}
export interface Entry {
  readonly kind: string
  readonly id: string
  readonly value: unknown
}

/** No base64url begins with it. */
const pointer = '@'
/** Small values are not lost with a long one. */
const enoughBytes = 262_144

/** By owner, and each with one response at most: a response that is deleted takes no other one with it. */
export function toBundles<Value extends SharedValue> (values: readonly Value[]): Value[][] {
  const open = new Map<string, Value[]>()
  const bundles: Value[][] = []
  for (const value of values) {
    const { owner } = value.account
    let bundle = open.get(owner)
    if (bundle === undefined || isFull(bundle)) {
      open.set(owner, bundle = [])
      bundles.push(bundle)
    }
    bundle.push(value)
  }
  return bundles
}

function isFull (bundle: readonly SharedValue[]): boolean {
  return bundle.some(({ kind }) => kind === 'response')
    || bundle.reduce((sum, { bytes }) => sum + bytes, 0) > enoughBytes
}

/** What is longer than the engine takes stays in this process. @param bundle not empty */
export async function bundleSteps (
  bundle: readonly SharedValue[],
  keyOf: HotKey,
  maxLength: number,
  ttlMs: number,
): Promise<SetStep[]> {
  const home = bundle.find(({ kind }) => kind === 'response') ?? bundle.find(({ kind }) => kind === 'reasoning')
    ?? bundle[0]
  if (home === undefined) return []
  const { account } = home
  const sealed = await pack(account, bundle.map(({ kind, id, value }) => [kind, id, value]))
  if (sealed.length > maxLength) {
    if (bundle.length === 1) return []
    const steps = await Promise.all(bundle.map(value => bundleSteps([value], keyOf, maxLength, ttlMs)))
    return steps.flat()
  }
  const set = (key: string, value: string) => ({ do: 'set', key, value, ttlMs }) as const
  const homeKey = await keyOf(account.owner, home.kind, home.id)
  const others = bundle.flatMap(
    value => [...value === home ? [] : [value], ...value.items.map(id => ({ kind: 'item', id } as const))]
  )
  const keys = await Promise.all(others.map(({ kind, id }) => keyOf(account.owner, kind, id)))
  return [set(homeKey, sealed), ...keys.map(key => set(key, pointer + homeKey))]
}

/** The key that a value leads to; null for one that is there itself. */
export function pointedTo (value: string): string | null {
  return value.startsWith(pointer) ? value.slice(pointer.length) : null
}

/** Empty for what does not open. */
export async function openBundle (account: Account, sealed: string): Promise<Entry[]> {
  return list(await unpack(account, sealed)).flatMap(entry => {
    const [kind, id, value] = list(entry)
    return typeof kind === 'string' && typeof id === 'string' ? [{ kind, id, value }] : []
  })
}
