// `acpc-` and ten of 62 letters and digits, each as likely as the next: a byte from 248 on would favour the first eight.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const fair = Math.floor(256 / alphabet.length) * alphabet.length

/** @param fill as `crypto.getRandomValues`, which unlike `crypto.subtle` is there on plain http:// too */
export function generatePassword (fill = bytes => crypto.getRandomValues(bytes)) {
  let text = ''
  while (text.length < 10) {
    for (const byte of fill(new Uint8Array(16))) if (byte < fair && text.length < 10) text += alphabet[byte % alphabet.length]
  }
  return `acpc-${text}`
}

export function isPassword (text) {
  return /^acpc-[A-Za-z0-9]{10}$/.test(text)
}
