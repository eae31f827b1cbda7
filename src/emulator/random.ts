// Ids with the lengths and alphabets of real ones.
import { randomBytes, randomUUID } from 'node:crypto'

export const uuid = (): string => randomUUID()
export const hex = (length: number): string => randomBytes(Math.ceil(length / 2)).toString('hex').slice(0, length)
export const base64 = (length: number): string =>
  randomBytes(length).toString('base64').replaceAll('=', '').slice(0, length)

export function alphanumeric (length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from(randomBytes(length), byte => alphabet.charAt(byte % alphabet.length)).join('')
}
