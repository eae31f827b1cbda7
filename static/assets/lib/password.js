// `acpc-` and ten of 62 letters and digits, each equally likely: bytes from 248 up would favour the first eight, so
// they are skipped.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const fair = Math.floor(256 / alphabet.length) * alphabet.length

/**
 * @param {(bytes: Uint8Array<ArrayBuffer>) => Uint8Array} fill unlike `crypto.subtle`, `getRandomValues` also works on
 * plain http://
 */
export function generatePassword (fill = bytes => crypto.getRandomValues(bytes)) {
  let text = ''
  while (text.length < 10) {
    for (const byte of fill(new Uint8Array(16))) {
      if (byte < fair && text.length < 10) text += alphabet[byte % alphabet.length]
    }
  }
  return `acpc-${text}`
}

/** @param {string} text */
export function isPassword (text) {
  return /^acpc-[A-Za-z0-9]{10}$/.test(text)
}
