// Repairs one choice of a Chat stream. Upstream may split a choice: Claude's text and its calls arrive as separate
// choices, sometimes alternating, each with its own call numbers and its own end. `docs/spec/copilot.md#chat-choices`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { VaryingValue } from '../../contract/plain-event.ts'
import { breaksOff } from '../../shared/json-guard.ts'
import { brokenOff } from '../errors.ts'
import { plainChoice } from './repair-plain.ts'
import { showReasoning, stateOf } from '../wire-reasoning.ts'
import { createToolCalls, type ToolCalls } from '../wire-calls.ts'
import { isFinishReason, type ToolCallDelta, type WireAnswer, type WireChoice } from '../wire.ts'

export interface ChoiceRepair {
  /**
   * Repairs a choice of a chunk in place.
   * @param source upstream's index of the choice
   * @returns `before`: chunks that must come first
   */
  readonly repair: (raw: WireChoice, source: number, isFirst: boolean) => { changed: boolean, before: string }
  /** The values in which later choices like this one may differ; null if it may change more. Changes nothing. */
  readonly plain: (raw: WireChoice, source: number) =>
    | VaryingValue[]
    | null
  /** Whether upstream sent a finish reason for any part of it. */
  readonly hasEnded: () => boolean
  readonly hasAllEnded: () => boolean
  /** Chunks that end what upstream left open. */
  readonly finish: () => string
}

/** A choice with upstream's number. */
interface Source {
  readonly calls: ToolCalls
  hasEnded: boolean
}

/** If several choices form one answer, the most informative reason counts. */
const rank: readonly string[] = ['tool_calls', 'length', 'content_filter']

/** @param remember receives the reasoning state, or null, with the id of the first call that it led to */
export function createChoiceRepair (
  index: number,
  newId: () => string,
  write: (chunk: WireAnswer) => string,
  remember: (callId: string, state: JsonObject | null) => void,
): ChoiceRepair {
  const sources = new Map<number, Source>()
  /** The arguments of each function so far, by the client's number of the call. */
  const inputs = new Map<number, string[]>()
  let callCount = 0
  /** How many sources have not ended, and the finish reasons of the others. */
  let openSources = 0
  const reasons = new Set<string>()
  let hasHalfCall = false
  /** The reasoning state that was held back so far. */
  let opaque = ''
  /** The state so far, its text, and the id of the first call. */
  let state = ''
  let reasoning = ''
  let firstCall: string | null = null
  let isFinished = false

  return {
    repair,
    plain (raw, number) {
      const source = sources.get(number)
      return source === undefined ? null : plainChoice(raw, source.calls, { reasoning: more => {
        reasoning += more
      }, input: addInput })
    },
    hasEnded: () => reasons.size > 0,
    hasAllEnded: () => openSources === 0,
    finish () {
      if (isFinished) return release()
      const reason = reasonOf()
      return complete(reason) + chunk({}, ending(reason))
    },
  }

  function repair (raw: WireChoice, number: number, isFirst: boolean): { changed: boolean, before: string } {
    const source = sources.get(number) ?? begin(number)
    let changed = !isObject(raw.delta)
    if (changed) raw.delta = {}
    const delta = raw.delta as Record<string, unknown>
    if (isFirst && delta['role'] !== 'assistant') {
      delta['role'] = 'assistant'
      changed = true
    }
    if ('tool_calls' in delta && repairCalls(delta, source.calls)) changed = true
    if (typeof delta['reasoning_text'] === 'string') reasoning += delta['reasoning_text']
    if (showReasoning(delta)) changed = true
    if (typeof delta['reasoning_opaque'] === 'string') {
      // The state arrives in pieces, and accumulators keep only the last value of an unknown field: so it is sent once,
      // whole.
      opaque += delta['reasoning_opaque']
      delete delta['reasoning_opaque']
      changed = true
    }
    if ('copilot_annotations' in delta) {
      delete delta['copilot_annotations']
      changed = true
    }
    if (!isFinishReason(raw.finish_reason)) return { changed, before: '' }
    if (raw.finish_reason === 'error') throw brokenOff()
    if (!source.hasEnded) openSources--
    source.hasEnded = true
    reasons.add(raw.finish_reason)
    // Another part of the answer continues, or contains more.
    const isLast = openSources === 0 && !(isFinished && raw.finish_reason === 'stop')
    const reason = reasonOf()
    const finishReason = isLast ? ending(reason) : null
    changed ||= finishReason !== raw.finish_reason
    raw.finish_reason = finishReason
    return { changed, before: isLast ? complete(reason) : '' }
  }

  function begin (number: number): Source {
    const source = { calls: createToolCalls(() => `call_${newId()}`, () => callCount++), hasEnded: false }
    sources.set(number, source)
    openSources++
    return source
  }

  /** Whether anything in the list had to change. */
  function repairCalls (delta: Record<string, unknown>, calls: ToolCalls): boolean {
    const given = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] as unknown[] : null
    const repaired = given === null ? [] : calls.repair(given)
    if (repaired?.length === 0) delete delta['tool_calls']
    else if (repaired !== null) delta['tool_calls'] = repaired
    for (const call of repaired ?? given as ToolCallDelta[]) {
      if (firstCall === null && typeof call.id === 'string') firstCall = call.id
      keepInput(call)
    }
    return repaired !== null
  }

  function keepInput ({ index: at, function: given }: ToolCallDelta): void {
    if (given !== undefined && given.arguments !== '') addInput(at, given.arguments)
  }

  function addInput (at: number, json: string): void {
    const pieces = inputs.get(at)
    if (pieces === undefined) inputs.set(at, [json])
    else pieces.push(json)
  }

  function reasonOf (): string {
    const [first = 'stop'] = reasons
    return rank.find(word => reasons.has(word)) ?? first
  }

  /** A call that broke off is incomplete, whatever upstream's reason is. */
  function ending (reason: string): string {
    for (const pieces of inputs.values()) hasHalfCall ||= breaksOff(pieces.join(''))
    inputs.clear()
    return hasHalfCall && reason !== 'content_filter' ? 'length' : reason
  }

  /** Chunks that must come before the end. */
  function complete (reason: string): string {
    isFinished = true
    const isCutOff = reason === 'length' || reason === 'content_filter'
    const missing = [...sources.values()].flatMap(({ calls }) => calls.missingArguments(isCutOff))
    if (firstCall !== null && opaque === '' && state === '') remember(firstCall, null)
    return release() + (missing.length === 0 ? '' : chunk({ tool_calls: missing }, null))
  }

  /** A chunk with the reasoning state, if there is any. */
  function release (): string {
    const held = opaque
    opaque = ''
    if (held === '') return ''
    state += held
    if (firstCall !== null) remember(firstCall, stateOf(reasoning, state))
    return chunk({ reasoning_opaque: held }, null)
  }

  function chunk (delta: object, reason: string | null): string {
    return write({ choices: [{ index, delta, finish_reason: reason }] })
  }
}
