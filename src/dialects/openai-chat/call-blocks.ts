// The tool calls of an answer as blocks. A call begins once its name is known, and arguments that came before wait for it.
import type { JsonObject } from '../../json.ts'
import type { Part } from '../part.ts'
import { createToolCalls, type ToolCallDelta, type ToolCalls } from './tool-calls.ts'

interface Call { readonly id: string, readonly isCustom: boolean, block: number | null, held: string, hasInput: boolean }

export interface CallBlocks {
  /** @param key of the choice: each numbers its calls by itself */
  readonly push: (key: number, deltas: readonly unknown[]) => void
  /** `function_call`, of which a message has at most one. */
  readonly pushLegacy: (key: number, delta: JsonObject) => void
  readonly end: () => void
  readonly count: () => number
}

/** @param begin numbers a new block */
export function createCallBlocks ({ begin, emit }: { begin: () => number, emit: (part: Part) => void }): CallBlocks {
  const byChoice = new Map<number, { readonly tidy: ToolCalls, readonly calls: Map<number, Call> }>()

  return {
    push,
    // A number that no list of calls has.
    pushLegacy: (key, delta) => push(key, [{ index: -1, function: delta }]),
    end () {
      for (const { calls } of byChoice.values()) {
        for (const call of calls.values()) {
          if (call.block === null) start(call, '')
          if (!call.hasInput && !call.isCustom) write(call, '{}')
          if (call.block !== null) emit({ type: 'block-end', block: call.block })
        }
      }
    },
    count: () => [...byChoice.values()].reduce((sum, { calls }) => sum + calls.size, 0),
  }

  function push (key: number, deltas: readonly unknown[]): void {
    if (deltas.length === 0) return
    const choice = byChoice.get(key) ?? { tidy: createToolCalls(() => `call_${crypto.randomUUID().replaceAll('-', '')}`), calls: new Map<number, Call>() }
    byChoice.set(key, choice)
    for (const delta of choice.tidy.tidy(deltas) ?? deltas as readonly ToolCallDelta[]) take(choice.calls, delta)
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
    emit({ type: 'tool-call-start', block: call.block, callId: call.id, name, namespace: null, kind: call.isCustom ? 'custom' : 'function', builtin: null })
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
