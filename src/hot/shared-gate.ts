// The limits of a user over all processes. A call enters at once if this process holds a place and a token for it;
// otherwise the process asks the engine. The limits of the process itself hold too, and alone while the engine is off.
import type { Clock } from '../contract.ts'
import { waitMs as longestWaitMs, tooMany, type LocalGate, type UserGate } from '../usage/user-gate.ts'
import type { HotResult } from '../store/hot-state.ts'
import type { Engine } from './engine.ts'
import { applyGrant, grantSteps, hasRoom, mostWhile, needStep, newGrant, readNeed, spareOf, type Grant, type GrantStep,
  type GrantAnswer, type Limits } from './grant.ts'
import { between, turnOf, wake } from './waiting.ts'

export interface SharedGate extends UserGate {
  /** Renews what is used and gives back what is not. A process calls it every second. */
  readonly tick: () => Promise<void>
  /** Gives everything back, before the process ends. */
  readonly end: () => Promise<void>
  /**
   * For a runtime without timers: what to tell the engine when a call has given back its place. Null if there is
   * nothing, or if a question is on its way.
   */
  readonly atEnd: (username: string) => GrantNews | null
  readonly forget: (username: string) => void
}
export interface GrantNews {
  readonly steps: readonly GrantStep[]
  /** @param results those of `steps`; null if the engine did not answer */
  readonly apply: (results: readonly HotResult[] | null) => void
}

interface Options extends Omit<Limits, 'leaseMs'> {
  readonly engine: Engine
  readonly local: LocalGate
  readonly clock: Clock
  /** Names this process; no other has the same name. */
  readonly holder: string
  /** Whether the runtime calls `tick`. */
  readonly isTicked: boolean
}

/** How often a call that waits looks again. Another process gives back what it does not use within about a second. */
const pollMs = { least: 50, most: 150 }
const idleMs = 1_000

export function createSharedGate ({ engine, local, clock, holder, isTicked, ...limited }: Options): SharedGate {
  const limits: Limits = { ...limited, leaseMs: engine.leaseMs ?? 15_000 }
  const { monotonic } = clock
  const spare = spareOf(limits)
  const grants = new Map<string, Grant>()

  return {
    enterAtOnce (username) {
      if (!engine.isOn()) return local.enterAtOnce(username)
      const grant = grants.get(username)
      if (grant === undefined || !hasRoom(grant, limits, local.inFlight(username), monotonic())) return null
      const leave = local.enterAtOnce(username)
      if (leave === null) return null
      take(username, grant)
      return leaving(username, grant, leave)
    },

    async enter (username, signal) {
      const leave = await local.enter(username, signal)
      if (!engine.isOn()) return leave
      const grant = grantOf(username)
      grant.asking++
      try {
        await acquire(username, grant, signal)
      } catch (thrown) {
        grant.asking--
        leave()
        throw thrown
      }
      return leaving(username, grant, leave)
    },

    async tick () {
      for (const [username, grant] of [...grants]) {
        if (!engine.isOn()) return
        await look(username, grant)
      }
    },

    async end () {
      const all = [...grants]
      grants.clear()
      if (!engine.isOn()) return
      await Promise.all(all.map(([username, grant]) => engine.run(username, state(grant, 0, -grant.tokens))))
    },

    atEnd (username) {
      const grant = grants.get(username)
      if (isTicked || grant === undefined || grant.question !== null) return null
      // Without timers nobody gives back an idle place in time. Where places are few, none is kept.
      const idle = spare.places > 0 ? 1 : 0
      const steps = state(grant, inUse(username, grant) + idle, Math.max(0, spare.tokens - grant.tokens))
      const askedAt = monotonic()
      return { steps, apply (results) {
        if (results !== null) applyGrant(grant, steps, results, limits, askedAt)
      } }
    },

    forget (username) {
      grants.delete(username)
    },
  }

  function grantOf (username: string): Grant {
    const grant = grants.get(username) ?? newGrant()
    grants.set(username, grant)
    return grant
  }

  /** Calls with a place. Those that wait for the engine have one in this process's own gate already. */
  function inUse (username: string, { asking }: Grant): number {
    return Math.max(0, local.inFlight(username) - asking)
  }

  function take (username: string, grant: Grant): void {
    if (grant.tokens >= 1) grant.tokens--
    grant.usedAt = monotonic()
    grant.peak = Math.max(grant.peak, inUse(username, grant))
  }

  function leaving (username: string, grant: Grant, leave: () => void): () => void {
    const stopRenewing = isTicked ? null : renewWhileUsed(username, grant)
    return () => {
      stopRenewing?.()
      leave()
      wake(grant.waiting)
      if (isTicked && grant.most < Infinity && !grant.isGivingBack) giveBackSoon(username, grant)
    }
  }

  /** Another process waits for the place; but the next call here may come at once. */
  function giveBackSoon (username: string, grant: Grant): void {
    grant.isGivingBack = true
    clock.setTimer(() => {
      grant.isGivingBack = false
      void giveBack(username, grant)
    }, pollMs.least)
  }

  async function giveBack (username: string, grant: Grant): Promise<void> {
    const wanted = inUse(username, grant)
    if (!engine.isOn() || grant.question !== null || grant.asking > 0 || grant.places <= wanted) return
    await (grant.question = send(username, grant, [...state(grant, wanted, 0), readNeed]))
  }

  /** The place is taken in the same turn in which it is found. @throws {GatewayError} `rate_limited` */
  async function acquire (username: string, grant: Grant, signal: AbortSignal): Promise<void> {
    const deadline = monotonic() + longestWaitMs
    for (let answer: GrantAnswer | null = null;;) {
      if (!engine.isOn() || hasRoom(grant, limits, inUse(username, grant), monotonic())) {
        grant.asking--
        return take(username, grant)
      }
      if (grant.question !== null || monotonic() >= grant.askAgainAt) {
        answer = await (grant.question ??= ask(username, grant, answer !== null))
        if (answer === null || hasRoom(grant, limits, inUse(username, grant), monotonic())) continue
      }
      const leftMs = deadline - monotonic()
      const waitMs = answer?.waitMs ?? 0
      if (leftMs <= 0 || waitMs > leftMs) throw tooMany(Math.max(1, waitMs / 1_000))
      await turnOf(grant.waiting, clock, Math.min(leftMs, between(pollMs)), signal)
    }
  }

  function ask (username: string, grant: Grant, isWaiting: boolean): Promise<GrantAnswer | null> {
    const missing = Math.max(0, grant.asking + spare.tokens - grant.tokens)
    const used = inUse(username, grant)
    const wanted = used + grant.asking + (isWaiting ? 0 : spare.places)
    // The place of a call in flight is never given away.
    const steps = state(grant, Math.max(used, Math.min(wanted, grant.most)), missing)
    return send(username, grant, isWaiting && isTicked ? [...steps, needStep(holder, used)] : steps)
  }

  /** Every statement to the engine. Until the engine answers, no call may use a place that is given back. */
  function state (grant: Grant, places: number, tokens: number): GrantStep[] {
    grant.places = Math.min(grant.places, places)
    return grantSteps(limits, holder, places, tokens)
  }

  async function send (username: string, grant: Grant, steps: readonly GrantStep[]): Promise<GrantAnswer | null> {
    const askedAt = monotonic()
    try {
      // Never at once: the caller has to have noted the question before its end is noted.
      const results = await (steps.length === 0 ? [] : engine.run(username, steps))
      if (results === null) return null
      const need = results[steps.indexOf(readNeed)]
      if (need !== undefined && 'value' in need) {
        grant.most = mostWhile(need.value, holder, Math.max(grant.lately, inUse(username, grant)))
      }
      return applyGrant(grant, steps, results, limits, askedAt)
    } finally {
      grant.askAgainAt = monotonic() + pollMs.least
      grant.question = null
    }
  }

  async function look (username: string, grant: Grant): Promise<void> {
    if (grant.question !== null) return
    const used = inUse(username, grant)
    const isIdle = grant.asking === 0 && monotonic() - grant.usedAt > idleMs
    const wanted = isIdle ? used : Math.max(used, Math.min(grant.peak, grant.most))
    const back = isIdle ? Math.max(0, grant.tokens) : 0
    const isLate = wanted > 0 && monotonic() > grant.until - limits.leaseMs / 2
    const kept = isIdle || grant.most < Infinity
      ? wanted
      : Math.max(wanted, Math.min(grant.places, wanted + spare.places))
    const isMore = limits.concurrency > 0 && grant.places > kept
    Object.assign(grant, { lately: Math.max(used, grant.peak), peak: used })
    if (isLate || isMore || back > 0 || used > 1 || grant.most < Infinity) {
      grant.tokens -= back
      await (grant.question = send(username, grant, [...state(grant, kept, -back), readNeed]))
    }
    if (isIdle && grant.asking === 0 && inUse(username, grant) === 0 && grant.places === 0) grants.delete(username)
  }

  function renewWhileUsed (username: string, grant: Grant): () => void {
    let stop = (): void => {}
    const renew = () => {
      stop = clock.setTimer(renew, limits.leaseMs / 2)
      if (!engine.isOn() || grant.question !== null) return
      grant.question = send(username, grant, state(grant, Math.max(1, inUse(username, grant)), 0))
    }
    stop = clock.setTimer(renew, limits.leaseMs / 2)
    return () => {
      stop()
    }
  }
}
