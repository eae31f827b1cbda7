// Encodes calls: those of functions and free-text tools grow, those of the tools that OpenAI defines are sent whole.
import type { Part } from '../../contract/part.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { BuiltinCall, CustomCall, FunctionCall } from '../wire-answer.ts'
import { writeBuiltinCall } from '../wire-builtins.ts'
import type { Emit, ItemStatus, OutputItem } from './encode-item.ts'

export interface CallItem extends OutputItem {
  readonly delta: (text: string) => void
  /** Records input that the fast path sends. */
  readonly keep: (text: string) => void
}
type CallStart = Extract<Part, { type: 'tool-call-start' }>

/** @param callId unique in the answer */
export function createCallItem (
  emit: Emit,
  newId: () => string,
  { kind, name, namespace }: Pick<CallStart, 'kind' | 'name' | 'namespace'>,
  callId: string,
): CallItem {
  const isCustom = kind === 'custom'
  const id = `${isCustom ? 'ctc' : 'fc'}_${newId()}`
  let input = ''
  let final: ItemStatus | null = null
  const snapshot = (otherwise: ItemStatus | 'in_progress'): FunctionCall | CustomCall => {
    const head = { status: final ?? otherwise, call_id: callId, name, namespace: namespace ?? undefined }
    return isCustom
      ? omitUndefined<CustomCall>({ id, type: 'custom_tool_call', ...head, input })
      : omitUndefined<FunctionCall>({ id, type: 'function_call', ...head, arguments: input })
  }
  const keep = (text: string): void => {
    input += text
  }
  const delta = (text: string): void => {
    keep(text)
    emit(isCustom ? 'custom_tool_call_input.delta' : 'function_call_arguments.delta', { item_id: id, delta: text })
  }
  emit('output_item.added', { item: snapshot('in_progress') })

  return {
    snapshot,
    keep,
    delta,
    done (status) {
      if (final !== null) return
      final = status
      // Clients run free text as soon as its item is done, and a done item has no status that could stop them.
      if (status === 'incomplete' && isCustom) return
      // Clients cannot parse an empty text.
      if (status === 'completed' && !isCustom && input.trim() === '') delta('{}')
      if (isCustom) emit('custom_tool_call_input.done', { item_id: id, input })
      else emit('function_call_arguments.done', { item_id: id, name, arguments: input })
      emit('output_item.done', { item: snapshot(status) })
    },
  }
}

/** A call of a tool that OpenAI defines: it has no deltas, so it is sent whole. */
export function createBuiltinItem (
  emit: Emit,
  newId: () => string,
  start: CallStart & { readonly builtin: string },
  callId: string,
  input: string,
  isCut: boolean,
): OutputItem {
  const written = isCut ? null : writeBuiltinCall(start.builtin, input)
  if (written === null) {
    // The arguments do not fit the tool. As a function call, the client can at least refuse it.
    const call = createCallItem(emit, newId, start, callId)
    if (input !== '') call.delta(input)
    call.done(isCut ? 'incomplete' : 'completed')
    return call
  }
  const { type, ...fields } = written.fields
  const item: BuiltinCall = { id: `${written.prefix}_${newId()}`, type, status: 'completed', call_id: callId,
    ...fields }
  emit('output_item.added', { item: { ...item, status: 'in_progress' } })
  emit('output_item.done', { item })
  return { snapshot: () => item, done: () => {} }
}
