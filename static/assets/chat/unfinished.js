// Answers that the database calls unfinished. Another tab may receive one; if none does, it was cut.
import { takeLeft } from './left.js'
/** @import { Conversation, Turn } from '../types.d.ts' */

/**
 * @param {Conversation} conversation
 * @param {{
 *   isMine: (turn: string) => boolean, isReceived: (turn: string) => Promise<boolean>,
 *   onCut: (conversation: Conversation, turn: Turn) => Promise<void>,
 * }} page `isMine`: this tab receives it; `isReceived`: another tab does
 */
export async function settleUnfinished (conversation, { isMine, isReceived, onCut }) {
  for (const turn of conversation.nodes) {
    if (turn.answer?.status !== 'running' || isMine(turn.id)) continue
    const left = takeLeft(turn.id)
    if (left === null && await isReceived(turn.id)) continue
    // Also if it has ended meanwhile: another tab has saved that.
    if (turn.answer.status === 'running') Object.assign(turn.answer, { status: 'cut' }, left)
    await onCut(conversation, turn)
  }
}
