// Copilot has streamed a call's arguments encrypted, with the plain text only at their end. This decoder holds the text
// back while it could be such a cipher, and releases it at the first sign that it is not.
// `docs/spec/translation.md#same-dialect`.

export interface HeldText {
  /** @returns the text to send now, perhaps none */
  readonly push: (delta: string) => string
  /** @param whole upstream's whole text at the end, or null @returns the text that is still to be sent */
  readonly end: (whole: string | null) => string
  /** All text sent so far. */
  readonly sent: () => string
  /** Whether `push` gives each piece back at once. */
  readonly isPassing: () => boolean
}

const cipher = /^[A-Za-z0-9+/=_-]*$/

export function createHeldText (): HeldText {
  let held = ''
  let sent = ''
  let isPlain = false
  let isEnded = false
  return {
    push (delta) {
      if (isEnded) return ''
      // Only tests the new piece: the held text has already been tested.
      if (!isPlain && cipher.test(delta)) {
        held += delta
        return ''
      }
      const text = held + delta
      held = ''
      isPlain = true
      sent += text
      return text
    },
    end (whole) {
      // Sent text cannot be taken back, whatever upstream sends now.
      const rest = whole === null ? held : goesOn(whole, sent) ? whole.slice(sent.length) : ''
      held = ''
      sent += rest
      isEnded = true
      return rest
    },
    sent: () => sent,
    isPassing: () => isPlain && !isEnded,
  }
}

/**
 * Whether `whole` begins with the sent text. A shorter text is rejected at once, because upstream may send thousands of
 * them.
 */
export function goesOn (whole: string, sent: string): boolean {
  return whole.length >= sent.length && whole.startsWith(sent)
}
