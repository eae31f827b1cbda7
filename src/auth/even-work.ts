// Makes a wrong key or session cost about the same for every name. A record with many keys takes longer to read than a
// small one, and than none. So each refusal also reads entries that nobody has, up to the size of the largest record.
import { decodeBase64 } from '../bytes.ts'
import { readSealedData, writeSealedData, type Entry, type SealedData } from './contents.ts'
import { maxRecordLength } from './record.ts'
import { wrappedBytes } from './wrap.ts'

/** An entry as users have it. */
const usual: Entry = { kind: 'key', id: '00000000', name: 'laptop', createdAt: 1, expiresAt: null,
  wrapped: new Uint8Array(wrappedBytes), models: ['gpt-5.1', 'gpt-5-mini'], monthlyCredits: null, seat: null }
const iv = new Uint8Array(12)
/** The data holds a wrap key and an id for each entry. */
const secretBytes = 57

/** In characters of the stored record, which is base64. */
const entryLength = (writeSealedData(sealed(2)).length - writeSealedData(sealed(1)).length) * 4 / 3
const filling = 'A'.repeat(maxRecordLength)

/** @param length of the record that was read, in characters; 0 without one */
export function evenOut (length: number): void {
  const count = Math.max(0, Math.round((maxRecordLength - length) / entryLength))
  decodeBase64(filling.slice(0, 4 * Math.floor(count * entryLength / 4)))
  readSealedData(writeSealedData(sealed(count)))
}

function sealed (count: number): SealedData {
  const ciphertext = new Uint8Array(100 + secretBytes * count)
  return { entries: Array.from({ length: count }, () => usual), seats: [], iv, ciphertext }
}
