// Growing reasoning: a summary if the client asked to see one, and its state if the client asked to keep it.
import { packCarrier } from '../../shared/carrier.ts'
import type { PlainText } from '../../contract/plain-event.ts'
import type { Carrier } from '../../contract/prompt.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { AnswerItem } from '../wire-answer.ts'
import type { Emit, OutputItem } from './encode-item.ts'

type Reasoning = Extract<AnswerItem, { type: 'reasoning' }>

export interface ReasoningItem extends OutputItem {
  readonly delta: (text: string) => void
  /** How more text is written, once there is some. */
  readonly continued: () => Pick<PlainText, 'path' | 'take'> | null
  readonly end: (carrier: Carrier | null) => void
}

/** @param shown whether the client asked to see it @param isKept whether it asked for its state */
export function createReasoningItem (emit: Emit, id: string, shown: boolean, isKept: boolean): ReasoningItem {
  let text = ''
  let state: string | null = null
  let isDone = false
  const at = { item_id: id, summary_index: 0 }
  const snapshot = (): Reasoning =>
    omitUndefined<Reasoning>({ id, type: 'reasoning', summary: text === '' ? [] : [{ type: 'summary_text', text }],
      encrypted_content: state ?? undefined })
  emit('output_item.added', { item: snapshot() })

  const done = (): void => {
    if (isDone) return
    isDone = true
    if (text !== '') {
      emit('reasoning_summary_text.done', { ...at, text })
      emit('reasoning_summary_part.done', { ...at, part: { type: 'summary_text', text } })
    }
    emit('output_item.done', { item: snapshot() })
  }
  return {
    snapshot,
    done,
    delta (delta) {
      if (!shown) return
      if (text === '') emit('reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } })
      text += delta
      emit('reasoning_summary_text.delta', { ...at, delta })
    },
    continued: () =>
      !shown ? { path: null, take: () => '' } : text === '' ? null : { path: 'delta', take (delta) {
        text += delta
        return delta
      } },
    end (carrier) {
      if (isKept && carrier !== null) state = packCarrier(carrier)
      done()
    },
  }
}
