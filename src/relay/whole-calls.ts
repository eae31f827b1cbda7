// Checks which tool calls of an answer are complete. A client runs a call as soon as it looks complete, so arguments
// that broke off must never be closed: `{"command":"rm -rf /home/me/pro` is not a command. An answer that reached its
// limit ends as cut off; one that claims to be complete with such a call is broken.
import { isReadable } from '../dialects/shared/json-guard.ts'
import type { FinishReason, Part } from '../dialects/contract/part.ts'
import { GatewayError } from '../errors.ts'

export interface CallCheck {
  readonly push: (part: Part) => Part
  /** Takes a piece of a call's input as `push` would. */
  readonly keep: (block: number, text: string) => void
}

/** Reasons that already show that the answer is incomplete. */
const cutReasons: ReadonlySet<FinishReason> = new Set(['length', 'context', 'filter'])

/**
 * Marks the end of each call that broke off. One object serves one answer; it sees calls with upstream's names.
 * @throws {GatewayError} `upstream_error` at the end of an answer that claims to be complete with such a call
 */
export function createCallCheck (): CallCheck {
  /** The arguments so far of the open functions. */
  const open = new Map<number, string[]>()
  let hasCut = false
  const keep = (block: number, text: string): void => {
    open.get(block)?.push(text)
  }
  return { keep, push (part) {
    switch (part.type) {
      case 'tool-call-start':
        if (part.kind === 'function') open.set(part.block, [])
        return part
      case 'tool-call-delta':
        keep(part.block, part.text)
        return part
      case 'block-end': {
        const pieces = open.get(part.block)
        open.delete(part.block)
        const isCut = part.isCut === true || (pieces !== undefined && !isReadable(pieces.join('')))
        hasCut ||= isCut
        return isCut ? { ...part, isCut } : part
      }
      case 'message-end':
        if ((hasCut || open.size > 0) && !cutReasons.has(part.reason)) throw brokenCall()
        return part
      default:
        return part
    }
  } }
}

function brokenCall (): GatewayError {
  return new GatewayError('upstream_error', "Copilot's answer ended in the middle of a tool call.")
}
