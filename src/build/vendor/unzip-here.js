// fflate, for read-excel-file. Its `unzip` starts a thread for each large file from a text, which the pages' policy
// forbids. This one unpacks in the thread that it is in.
import { unzipSync } from 'fflate'

export * from 'fflate'

/**
 * @param {Uint8Array} data
 * @param {(error: unknown, files: unknown) => void} done
 */
export function unzip (data, done) {
  try {
    done(null, unzipSync(data))
  } catch (thrown) {
    done(thrown, null)
  }
}
