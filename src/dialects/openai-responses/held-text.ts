// Copilot has streamed a call's arguments encrypted, with the plain text only at their end. What came so far is held while
// it could be such a cipher, and let go at the first sign that it is not. `translation.md` 2.10.

export interface HeldText {
  /** @returns what can be said now, perhaps nothing */
  readonly push: (delta: string) => string
  /** @param whole the text as upstream gave it at the end, null when it gave none @returns what is still to be said */
  readonly end: (whole: string | null) => string
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
      // Only the new piece is looked at: what is held was looked at before.
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
      // What was already said cannot be taken back, whatever comes now.
      const rest = whole === null ? held : whole.startsWith(sent) ? whole.slice(sent.length) : ''
      held = ''
      sent += rest
      isEnded = true
      return rest
    },
  }
}
