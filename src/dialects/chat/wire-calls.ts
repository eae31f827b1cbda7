// The tool calls of one streamed choice. OpenAI's models number parallel calls 0, 1, 2. Claude through Copilot numbers
// all of them 0, and only a new id shows that a new call begins. `docs/spec/copilot.md#chat-stream`.
import { isObject } from '../../json.ts'
import type { ToolCallDelta, WireToolCall } from './wire.ts'

interface Call {
  readonly index: number
  readonly id: string
  readonly isCustom: boolean
  hasName: boolean
  hasArguments: boolean
}

/** A call that gets more input. */
export interface ContinuedCall {
  readonly index: number
  /** The path of the input in the delta. */
  readonly path: string
  readonly noteInput: () => void
}

export interface ToolCalls {
  /** The deltas in a form that clients accept, or null if they already have it. */
  readonly repair: (deltas: readonly unknown[]) =>
    | ToolCallDelta[]
    | null
  /** The call that a delta only adds input to, at the path that it keeps; null if it may do more. Changes nothing. */
  readonly continued: (delta: unknown) =>
    | ContinuedCall
    | null
  /**
   * Arguments for calls that got none: clients cannot parse an empty string.
   * @param isCutOff the answer reached a limit: the last call may miss arguments
   */
  readonly missingArguments: (isCutOff: boolean) => ToolCallDelta[]
}

/** @param nextIndex numbers a new call; several choices that form one answer share the numbers */
export function createToolCalls (newId: () => string, nextIndex?: () => number): ToolCalls {
  /** The current call of each upstream number. */
  const current = new Map<number, Call>()
  const byId = new Map<string, Call>()
  const all: Call[] = []
  /** Calls that began without arguments since the last check. */
  let unfilled: Call[] = []

  return {
    repair (deltas) {
      let changed = false
      const out: ToolCallDelta[] = []
      for (const raw of deltas) {
        const delta = isObject(raw) ? raw as WireToolCall : null
        const repaired = delta === null ? null : repairOne(delta)
        if (repaired !== null) out.push(repaired)
        changed ||= repaired === null || !isSame(raw, repaired)
      }
      return changed ? out : null
    },
    continued (delta) {
      if (!isObject(delta)) return null
      const { number, known } = identify(delta)
      const { name, text, isCustom } = read(delta)
      if (known === undefined || known.isCustom !== isCustom || (name !== '' && !known.hasName)) return null
      if (number !== null && current.get(number) !== known) return null
      return text === null || text === ''
        ? null
        : { index: known.index, path: isCustom ? 'custom.input' : 'function.arguments', noteInput () {
          known.hasArguments = true
        } }
    },
    missingArguments (isCutOff) {
      const missing = unfilled.filter(call =>
        !call.hasArguments && !call.isCustom && !(isCutOff && call === all.at(-1))
      )
      for (const call of missing) call.hasArguments = true
      unfilled = []
      return missing.map(({ index }) => ({ index, function: { arguments: '{}' } }))
    },
  }

  function identify (delta: WireToolCall): { number: number | null, id: string | null, known: Call | undefined } {
    const number = Number.isInteger(delta.index) ? delta.index as number : null
    const id = typeof delta.id === 'string' && delta.id !== '' ? delta.id : null
    // A delta with neither id nor number belongs to the latest call.
    return { number, id, known: id !== null ? byId.get(id) : number !== null ? current.get(number) : all.at(-1) }
  }

  function repairOne (delta: WireToolCall): ToolCallDelta | null {
    const { number, id, known } = identify(delta)
    const { name, text, isCustom } = read(delta)
    if (known !== undefined) {
      const isNamed = name !== '' && !known.hasName // The name may arrive after the id.
      known.hasName ||= isNamed
      known.hasArguments ||= text !== null && text !== ''
      if (number !== null) current.set(number, known)
      return text === null && !isNamed
        ? null
        : { index: known.index, ...write(known.isCustom, isNamed ? name : null, text ?? '') }
    }
    const call: Call = { index: nextIndex?.() ?? all.length, id: id ?? newId(), isCustom, hasName: name !== '',
      hasArguments: text !== null && text !== '' }
    all.push(call)
    if (!call.hasArguments) unfilled.push(call)
    byId.set(call.id, call)
    if (number !== null) current.set(number, call)
    return { index: call.index, id: call.id, type: isCustom ? 'custom' : 'function',
      ...write(isCustom, name, text ?? '') }
  }
}

/** `text`: null if the delta has no arguments, which differs from empty arguments. */
function read (delta: WireToolCall): { name: string, text: string | null, isCustom: boolean } {
  const isCustom = isObject(delta.custom)
  const given: { name?: unknown, arguments?: unknown, input?: unknown } = isCustom
    ? delta.custom ?? {}
    : isObject(delta.function)
    ? delta.function
    : {}
  const text = isCustom ? given.input : given.arguments
  return { name: typeof given.name === 'string' ? given.name : '',
    text: typeof text === 'string' ? text : text === undefined ? null : '', isCustom }
}

function write (isCustom: boolean, name: string | null, text: string): Pick<ToolCallDelta, 'function' | 'custom'> {
  const named = name === null ? {} : { name }
  return isCustom ? { custom: { ...named, input: text } } : { function: { ...named, arguments: text } }
}

function isSame (raw: unknown, repaired: ToolCallDelta): boolean {
  if (!isObject(raw)) return false
  const inner = repaired.function ?? repaired.custom
  const given = repaired.function === undefined ? raw['custom'] : raw['function']
  if (!isObject(given) || inner === undefined) return false
  return raw['index'] === repaired.index && raw['id'] === repaired.id && raw['type'] === repaired.type
    && given['name'] === inner.name && given['arguments'] === repaired.function?.arguments
    && given['input'] === repaired.custom?.input
}
