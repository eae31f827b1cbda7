// Decodes the tool calls of an answer into blocks. A call begins once its name is known. Arguments that arrive earlier
// wait for the name.
import type { JsonObject } from '../../../json.ts'
import type { Part } from '../../contract/part.ts'
import { createToolCalls, type ToolCalls } from '../wire-calls.ts'
import type { ToolCallDelta } from '../wire.ts'

interface Call {
  readonly id: string
  readonly isCustom: boolean
  block: number | null
  held: string
  hasInput: boolean
}

export interface CallBlocks {
  /** @param key identifies the choice: each choice numbers its calls separately */
  readonly push: (key: number, deltas: readonly unknown[]) => void
  /** Handles `function_call`, which a message has at most once. */
  readonly pushLegacy: (key: number, delta: JsonObject) => void
  /** @param isCutOff the answer reached a limit: its last call may miss arguments */
  readonly end: (isCutOff: boolean) => void
  readonly count: () => number
  /** The open block that a delta only adds input to, and the input's path; null if it may do more. Changes nothing. */
  readonly continued: (
    key: number,
    delta: unknown,
  ) => { readonly block: number, readonly path: string, readonly take: () => void } | null
}

/** @param begin gives the number of a new block */
export function createCallBlocks ({ begin, emit }: { begin: () => number, emit: (part: Part) => void }): CallBlocks {
  const byChoice = new Map<number, { readonly repair: ToolCalls, readonly calls: Map<number, Call> }>()

  return {
    push,
    // No list of calls uses this number.
    pushLegacy: (key, delta) => push(key, [{ index: -1, function: delta }]),
    end (isCutOff) {
      for (const { calls } of byChoice.values()) {
        const last = [...calls.values()].at(-1)
        for (const call of calls.values()) {
          if (call.block === null) start(call, '')
          const isLast = isCutOff && call === last
          // Claude sends no arguments for a tool that takes none.
          if (!call.hasInput && !call.isCustom && !isLast) write(call, '{}')
          if (call.block !== null) {
            emit({ type: 'block-end', block: call.block,
              ...(isLast && (call.isCustom || !call.hasInput) ? { isCut: true } : {}) })
          }
        }
      }
    },
    continued (key, delta) {
      const choice = byChoice.get(key)
      const found = choice?.repair.continued(delta) ?? null
      const call = found === null ? undefined : choice?.calls.get(found.index)
      if (found === null || call === undefined || call.block === null) return null
      return { block: call.block, path: found.path, take () {
        found.noteInput()
        call.hasInput = true
      } }
    },
    count: () => [...byChoice.values()].reduce((sum, { calls }) => sum + calls.size, 0),
  }

  function push (key: number, deltas: readonly unknown[]): void {
    if (deltas.length === 0) return
    const choice = byChoice.get(key)
      ?? { repair: createToolCalls(() => `call_${crypto.randomUUID().replaceAll('-', '')}`),
        calls: new Map<number, Call>() }
    byChoice.set(key, choice)
    for (const delta of choice.repair.repair(deltas) ?? deltas as readonly ToolCallDelta[]) take(choice.calls, delta)
  }

  function take (calls: Map<number, Call>, { index, id = '', type, function: given, custom }: ToolCallDelta): void {
    const call = calls.get(index) ?? { id, isCustom: type === 'custom', block: null, held: '', hasInput: false }
    calls.set(index, call)
    const name = given?.name ?? custom?.name ?? ''
    const text = given?.arguments ?? custom?.input ?? ''
    if (call.block === null && name !== '') start(call, name)
    if (text !== '') write(call, text)
  }

  function start (call: Call, name: string): void {
    call.block = begin()
    emit({ type: 'tool-call-start', block: call.block, callId: call.id, name, namespace: null,
      kind: call.isCustom ? 'custom' : 'function', builtin: null })
    const { held } = call
    call.held = ''
    if (held !== '') write(call, held)
  }

  function write (call: Call, text: string): void {
    if (call.block === null) {
      call.held += text
      return
    }
    call.hasInput = true
    emit({ type: 'tool-call-delta', block: call.block, text })
  }
}
