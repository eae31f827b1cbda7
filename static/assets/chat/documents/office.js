// Asks the thread that reads office documents (src/build/vendor/office-worker.js). One thread for each file.
import { startThread } from '../../lib/threads.js'
import { maxUnpackedBytes, Unreadable } from './limits.js'

/**
 * What the libraries find in a file, by its kind.
 * @typedef {object} Found
 * @property {{ html: string, leftOut: number }} word
 * @property {{ sheets: { sheet: string, data: unknown[][] }[] }} sheet
 * @property {{ files: Readonly<Record<string, Uint8Array>> }} slides
 */

/**
 * @template {keyof Found} Kind
 * @param {Kind} kind
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Found[Kind]>} throws `Unreadable`
 */
export async function readOffice (kind, bytes) {
  const thread = startThread('/vendor/office-worker.js')
  try {
    return await new Promise((resolve, reject) => {
      thread.addEventListener('error', () => reject(new Unreadable('chat.file.unloaded')))
      thread.addEventListener('message', ({ data: { found, problem } }) => {
        if (found !== undefined) resolve(found)
        else reject(new Unreadable(reasonOf(String(problem))))
      })
      thread.postMessage({ kind, bytes, maxUnpackedBytes })
    })
  } finally {
    thread.terminate()
  }
}

/** @param {string} problem */
function reasonOf (problem) {
  if (problem === 'bomb') return 'chat.file.bomb'
  return /dynamically imported module|Importing a module/i.test(problem) ? 'chat.file.unloaded' : 'chat.file.damaged'
}
