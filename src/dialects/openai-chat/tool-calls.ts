// Tool calls of one streamed choice. OpenAI's models number parallel calls 0, 1, 2; Claude through Copilot numbers all of
// them 0, and a new call shows by a new id alone. `copilot-upstream.md` 7.4.
import { isObject } from '../../json.ts'
import type { WireToolCall } from './wire.ts'

interface Call { readonly index: number, readonly id: string, readonly isCustom: boolean, hasName: boolean, hasArguments: boolean }
export interface ToolCallDelta {
  readonly index: number
  readonly id?: string
  readonly type?: 'function' | 'custom'
  readonly function?: { readonly name?: string, readonly arguments: string }
  /** Of a tool whose input is free text. */
  readonly custom?: { readonly name?: string, readonly input: string }
}

export interface ToolCalls {
  /** The deltas as a client accepts them, or null when they are that already. */
  readonly tidy: (deltas: readonly unknown[]) => ToolCallDelta[] | null
  /** For calls that never got arguments: a client would parse an empty string. */
  readonly missingArguments: () => ToolCallDelta[]
  readonly count: () => number
}

export function createToolCalls (newId: () => string): ToolCalls {
  /** The call that each of upstream's numbers means at present. */
  const current = new Map<number, Call>()
  const byId = new Map<string, Call>()
  const all: Call[] = []

  return {
    tidy (deltas) {
      let changed = false
      const out: ToolCallDelta[] = []
      for (const raw of deltas) {
        const delta = isObject(raw) ? raw as WireToolCall : null
        const tidied = delta === null ? null : tidyOne(delta)
        if (tidied !== null) out.push(tidied)
        changed ||= tidied === null || !isSame(raw, tidied)
      }
      return changed ? out : null
    },
    missingArguments () {
      const missing = all.filter(call => !call.hasArguments && !call.isCustom)
      for (const call of missing) call.hasArguments = true
      return missing.map(({ index }) => ({ index, function: { arguments: '{}' } }))
    },
    count: () => all.length,
  }

  function tidyOne (delta: WireToolCall): ToolCallDelta | null {
    const number = Number.isInteger(delta.index) ? delta.index as number : null
    const id = typeof delta.id === 'string' && delta.id !== '' ? delta.id : null
    const { name, text, isCustom } = read(delta)
    // Without an id, and without a number too, it belongs to what came last.
    const known = id !== null ? byId.get(id) : number !== null ? current.get(number) : all.at(-1)
    if (known !== undefined) {
      const isNamed = name !== '' && !known.hasName   // a name may come after the id
      known.hasName ||= isNamed
      known.hasArguments ||= text !== null && text !== ''
      if (number !== null) current.set(number, known)
      return text === null && !isNamed ? null : { index: known.index, ...write(known.isCustom, isNamed ? name : null, text ?? '') }
    }
    const call: Call = { index: all.length, id: id ?? newId(), isCustom, hasName: name !== '', hasArguments: text !== null && text !== '' }
    all.push(call)
    byId.set(call.id, call)
    if (number !== null) current.set(number, call)
    return { index: call.index, id: call.id, type: isCustom ? 'custom' : 'function', ...write(isCustom, name, text ?? '') }
  }
}

/** `text`: null when there is no word of arguments, which is not the same as empty ones. */
function read (delta: WireToolCall): { name: string, text: string | null, isCustom: boolean } {
  const isCustom = isObject(delta.custom)
  const given: { name?: unknown, arguments?: unknown, input?: unknown } = isCustom ? delta.custom ?? {} : isObject(delta.function) ? delta.function : {}
  const text = isCustom ? given.input : given.arguments
  return { name: typeof given.name === 'string' ? given.name : '', text: typeof text === 'string' ? text : text === undefined ? null : '', isCustom }
}

function write (isCustom: boolean, name: string | null, text: string): Pick<ToolCallDelta, 'function' | 'custom'> {
  const named = name === null ? {} : { name }
  return isCustom ? { custom: { ...named, input: text } } : { function: { ...named, arguments: text } }
}

function isSame (raw: unknown, tidied: ToolCallDelta): boolean {
  if (!isObject(raw)) return false
  const inner = tidied.function ?? tidied.custom
  const given = tidied.function === undefined ? raw['custom'] : raw['function']
  if (!isObject(given) || inner === undefined) return false
  return raw['index'] === tidied.index && raw['id'] === tidied.id && raw['type'] === tidied.type &&
    given['name'] === inner.name && given['arguments'] === tidied.function?.arguments && given['input'] === tidied.custom?.input
}
