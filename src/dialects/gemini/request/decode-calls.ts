// The calls of a conversation and their results. Clients may leave the ids out, on one side or on both.
// `docs/spec/gemini.md#calls`.
import type { JsonObject } from '../../../json.ts'
import type { ToolCallBlock, ToolResultBlock } from '../../contract/prompt.ts'
import { hashText } from '../../shared/tool-names.ts'
import { fieldsOf, mustBe, partsOf, text } from '../wire.ts'
import { decodePart, type ContentContext } from './decode-content.ts'

export interface Calls {
  /** The calls before were of another turn: their results came, or will never come. */
  readonly beginTurn: () => void
  readonly call: (call: JsonObject, path: string) => ToolCallBlock
  readonly result: (response: JsonObject, path: string) => ToolResultBlock
}

export function createCalls (context: ContentContext): Calls {
  let turn = 0
  let calls = createTurnCalls()
  return {
    beginTurn () {
      turn++
      calls = createTurnCalls()
    },
    call (call, path) {
      const name = text(call['name'])
      if (name === '') throw mustBe(`${path}.name`, 'the name of a function')
      const id = text(call['id'])
      // The same history always gives the same ids, so that upstream's cache finds the prompt.
      const own = id === '' ? `call_${turn}_${calls.count()}` : fitId(id)
      calls.add({ id: own, name, isAnswered: false }, id)
      return { type: 'tool-call', id: own, name, namespace: null, kind: 'function', builtin: null,
        input: JSON.stringify(fieldsOf(call, 'args')) }
    },
    result (response, path) {
      const call = calls.answer(text(response['id']), text(response['name']))
      if (call === undefined) throw mustBe(path, 'the response to a call of the turn before')
      return { type: 'tool-result', id: call.id, ...decodeResponse(response, path, context) }
    },
  }
}

interface Call {
  readonly id: string
  readonly name: string
  isAnswered: boolean
}

/** The calls of one turn, each found without looking at the others: a turn may have thousands. */
function createTurnCalls () {
  const byId = new Map<string, Call>()
  const byName = new Map<string, { readonly calls: Call[], next: number }>()
  const open = new Set<Call>()
  let count = 0

  const nextOf = (name: string): Call | undefined => {
    const known = byName.get(name)
    if (known === undefined) return undefined
    while (known.calls[known.next]?.isAnswered === true) known.next++
    return known.calls[known.next]
  }
  return {
    count: () => count,
    /** @param given the client's own id; '' if it sent none */
    add (call: Call, given: string): void {
      count++
      if (given !== '' && !byId.has(given)) byId.set(given, call)
      const known = byName.get(call.name) ?? { calls: [], next: 0 }
      byName.set(call.name, known)
      known.calls.push(call)
      open.add(call)
    },
    /** The call with the id, else the first open one of the name, else the only open one. */
    answer (id: string, name: string): Call | undefined {
      const call = byId.get(id) ?? nextOf(name) ?? (open.size === 1 ? [...open][0] : undefined)
      if (call === undefined) return undefined
      call.isAnswered = true
      open.delete(call)
      return call
    },
  }
}

/** The form that every upstream accepts. */
function fitId (id: string): string {
  return /^[A-Za-z0-9_-]{1,64}$/.test(id) ? id : `call_${hashText(id)}${hashText(`${id.length} ${id}`)}`
}

function decodeResponse (
  response: JsonObject,
  path: string,
  context: ContentContext,
): Pick<ToolResultBlock, 'blocks' | 'isError'> {
  const body = fieldsOf(response, 'response')
  const media = partsOf(response).flatMap((part, at) => decodePart(part, `${path}.parts[${at}]`, context))
  const names = Object.keys(body)
  const [only] = names
  const isError = names.length === 1 && only === 'error'
  const value = names.length === 1 && (isError || only === 'output' || only === 'result') ? body[only ?? ''] : body
  const words = typeof value === 'string' ? value : names.length === 0 ? '' : JSON.stringify(value)
  return { isError, blocks: [...(words === '' ? [] : [{ type: 'text', text: words } as const]), ...media] }
}
