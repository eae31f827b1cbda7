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

interface Call {
  readonly id: string
  /** The client's own; '' if it sent none. */
  readonly given: string
  readonly name: string
  isAnswered: boolean
}

export function createCalls (context: ContentContext): Calls {
  let turn = 0
  let calls: Call[] = []
  return {
    beginTurn () {
      turn++
      calls = []
    },
    call (call, path) {
      const name = text(call['name'])
      if (name === '') throw mustBe(`${path}.name`, 'the name of a function')
      const id = text(call['id'])
      // The same history always gives the same ids, so that upstream's cache finds the prompt.
      const own = id === '' ? `call_${turn}_${calls.length}` : fitId(id)
      calls.push({ id: own, given: id, name, isAnswered: false })
      return { type: 'tool-call', id: own, name, namespace: null, kind: 'function', builtin: null,
        input: JSON.stringify(fieldsOf(call, 'args')) }
    },
    result (response, path) {
      const call = find(response)
      if (call === undefined) throw mustBe(path, 'the response to a call of the turn before')
      call.isAnswered = true
      return { type: 'tool-result', id: call.id, ...decodeResponse(response, path, context) }
    },
  }

  function find (response: JsonObject): Call | undefined {
    const [id, name] = [text(response['id']), text(response['name'])]
    const byId = id === '' ? undefined : calls.find(call => call.given === id)
    if (byId !== undefined) return byId
    const open = calls.filter(call => !call.isAnswered)
    return open.find(call => call.name === name) ?? (open.length === 1 ? open[0] : undefined)
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
