// Tool calls of one streamed choice. OpenAI's models number parallel calls 0, 1, 2; Claude through Copilot numbers all of
// them 0, and a new call shows by a new id alone. `copilot-upstream.md` 7.4.
import { isObject } from '../../json.ts'
import type { WireToolCall } from './wire.ts'

interface Call { readonly index: number, readonly id: string, hasArguments: boolean }
export interface ToolCallDelta {
  readonly index: number
  readonly id?: string
  readonly type?: 'function'
  readonly function: { readonly name?: string, readonly arguments: string }
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
  const all: Call[] = []

  return {
    tidy (deltas) {
      let changed = false
      const out: ToolCallDelta[] = []
      for (const raw of deltas) {
        const delta = read(raw)
        const tidied = delta === null ? null : tidyOne(delta)
        if (tidied !== null) out.push(tidied)
        changed ||= tidied === null || !isSame(raw, tidied)
      }
      return changed ? out : null
    },
    missingArguments () {
      const missing = all.filter(call => !call.hasArguments)
      for (const call of missing) call.hasArguments = true
      return missing.map(({ index }) => ({ index, function: { arguments: '{}' } }))
    },
    count: () => all.length,
  }

  function tidyOne (delta: WireToolCall): ToolCallDelta | null {
    const number = Number.isInteger(delta.index) ? delta.index as number : all.at(-1)?.index ?? 0
    const id = typeof delta.id === 'string' && delta.id !== '' ? delta.id : null
    const name = typeof delta.function?.name === 'string' ? delta.function.name : ''
    const json = typeof delta.function?.arguments === 'string' ? delta.function.arguments : ''
    const known = all.find(call => call.id === id) ?? (id === null ? current.get(number) : undefined)
    if (known !== undefined) {
      known.hasArguments ||= json !== ''
      current.set(number, known)
      return json === '' && delta.function?.arguments === undefined ? null : { index: known.index, function: { arguments: json } }
    }
    const call: Call = { index: all.length, id: id ?? newId(), hasArguments: json !== '' }
    all.push(call)
    current.set(number, call)
    return { index: call.index, id: call.id, type: 'function', function: { name, arguments: json } }
  }
}

function read (raw: unknown): WireToolCall | null {
  if (!isObject(raw)) return null
  return { ...raw, ...(isObject(raw['function']) ? { function: raw['function'] } : { function: {} }) }
}

function isSame (raw: unknown, tidied: ToolCallDelta): boolean {
  if (!isObject(raw) || !isObject(raw['function'])) return false
  const given = raw['function']
  return raw['index'] === tidied.index && raw['id'] === tidied.id && raw['type'] === tidied.type &&
    given['name'] === tidied.function.name && given['arguments'] === tidied.function.arguments
}
