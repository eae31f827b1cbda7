// The text of a key or of a session: `acpk-<id>-<secret>`, `acps-<id>-<secret>`. The id finds the entry in the user's
// record, and the secret opens the data key.
import { randomBytes } from '../bytes.ts'
import type { Entry } from './contents.ts'

export interface EntryCredential {
  readonly kinds: ReadonlyArray<Entry['kind']>
  readonly id: string
  readonly secret: string
}

const form = /^(acpk|acps)-([a-z0-9]{8})-([a-z0-9]{32})$/
const keyKinds = ['key'] as const
export const sessionKinds = ['device', 'session'] as const
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Null for every other text, such as a password. */
export function readEntryCredential (text: string): EntryCredential | null {
  const [, prefix, id = '', secret = ''] = form.exec(text) ?? []
  if (prefix === undefined) return null
  return { kinds: prefix === 'acpk' ? keyKinds : sessionKinds, id, secret }
}

/** Whether the text has the form of a key. */
export function isKey (text: string): boolean {
  return text.startsWith('acpk-') && form.test(text)
}

export function writeEntryCredential (kind: Entry['kind'], id: string, secret: string): string {
  return `${kind === 'key' ? 'acpk' : 'acps'}-${id}-${secret}`
}

/** An id that is no secret, and a secret of 165 bits. */
export function newEntryCredential (): { readonly id: string, readonly secret: string } {
  return { id: randomLetters(8), secret: randomLetters(32) }
}

/** Of `[a-z0-9]`. Bytes from 252 would make some letters more likely: they are skipped. */
export function randomLetters (length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 252 && text.length < length) text += letters[byte % letters.length] ?? ''
    }
  }
  return text
}
