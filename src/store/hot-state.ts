// Hot state: what several processes of one deployment must agree on from second to second. Limits, leases and values
// that live for minutes or hours. Records are in the `Store`. One process alone needs none of this: then the gateway
// keeps the same in its own memory, and `hot` is null. `docs/operations.md#engines`
import type { UsageRow } from './usage-store.ts'

/**
 * Everything belongs to an owner: a user, or a client's address. Steps of one call run in order and as one: no other
 * call of the same owner runs between them. Calls of different owners share nothing.
 */
export interface HotState {
  /** Named by `/readyz` and `doctor`. */
  readonly kind: HotKind
  /** False where an object per owner would cost too much: limits of addresses then hold in each process. */
  readonly keepsAddresses: boolean
  /** The longest value, in characters. A longer one stays in the process that made it. */
  readonly maxValueLength: number
  /** Usage is written at the end of each call, in the same round trip as the rest. Otherwise it has its own pace. */
  readonly countsEachCall?: boolean
  /** How long the places of a silent process stay taken, in milliseconds. 15 s if absent. */
  readonly leaseMs?: number
  /**
   * True while no other process uses the engine: the gateway then keeps everything in its own memory and asks nothing.
   * Absent: never.
   */
  readonly isAlone?: () => boolean
  /** Called once by a process that serves, before its first request. @throws {StoreError} */
  readonly join?: () => Promise<void>
  /**
   * One round trip.
   * @returns a result for each step, in order
   * @throws {StoreError} if the engine does not answer; it is then unknown which steps it took
   */
  run<const Steps extends readonly HotStep[]>(owner: string, steps: Steps): Promise<HotResults<Steps>>
  /** Deletes everything of an owner. @throws {StoreError} */
  forget(owner: string): Promise<void>
}

export type HotKind =
  | 'memory'
  | 'sqlite'
  | 'valkey'
  | 'durable-object'

/** Keys have at most 200 bytes and name no secret. */
export type HotStep =
  | TakeStep
  | HoldStep
  | GetStep
  | SetStep
  | DeleteStep
  | CountStep

/**
 * Takes tokens from a bucket of `limit` tokens, which fills up in `windowMs`: as many as there are, `amount` at most. A
 * negative amount gives tokens back.
 */
export interface TakeStep {
  readonly do: 'take'
  readonly key: string
  /** A whole number. */
  readonly amount: number
  readonly limit: number
  readonly windowMs: number
}

/**
 * States how many of `limit` places this holder wants to hold, in place of what it held. All holders together never get
 * more than `limit`. The places are free again after `ttlMs`, so that a holder that dies blocks nobody.
 */
export interface HoldStep {
  readonly do: 'hold'
  readonly key: string
  readonly holder: string
  /** 0 gives all places back. */
  readonly amount: number
  readonly limit: number
  readonly ttlMs: number
}

export interface GetStep {
  readonly do: 'get'
  readonly key: string
}

export interface SetStep {
  readonly do: 'set'
  readonly key: string
  readonly value: string
  readonly ttlMs: number
  /** Writes nothing if there is a value. */
  readonly onlyIfAbsent?: boolean
}

export interface DeleteStep {
  readonly do: 'delete'
  readonly key: string
}

/** Adds usage of the owner, who is a user. */
export interface CountStep {
  readonly do: 'count'
  readonly rows: readonly UsageRow[]
  /** A day may be deleted so many days after it ends. */
  readonly keepDays: number
}

interface ResultOf {
  /** `waitMs` is the time until the next token, 0 if one is left. */
  take: { readonly granted: number, readonly waitMs: number }
  hold: { readonly granted: number }
  get: { readonly value: string | null }
  set: { readonly written: boolean }
  delete: { readonly deleted: boolean }
  count: { readonly counted: true }
}

export type HotResult<Step extends HotStep = HotStep> = ResultOf[Step['do']]
export type HotResults<Steps extends readonly HotStep[]> = { readonly [At in keyof Steps]: HotResult<Steps[At]> }
