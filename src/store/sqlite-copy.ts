// A copy of the SQLite file for a backup. SQLite makes it page by page outside the event loop, and begins again when a
// write of another process comes between, so the copy shows one moment.
import { promises as files } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { StoreError, type StoreCopy } from './store.ts'

const pagesAtOnce = 256
const pieceBytes = 65_536

/** The copy lies next to the file, in a directory of this user alone, until it is open. @throws {StoreError} */
export async function copySqlite (db: DatabaseSync, file: string): Promise<StoreCopy> {
  const folder = await files.mkdtemp(join(dirname(file), '.backup-')).catch(asStoreError)
  try {
    const { backup } = process.getBuiltinModule('node:sqlite')
    const target = join(folder, 'copy.sqlite')
    await backup(db, target, { rate: pagesAtOnce })
    const handle = await files.open(target, 'r')
    return { bytes: (await handle.stat()).size, read: () => pieces(handle), close: () => handle.close() }
  } catch (thrown) {
    return asStoreError(thrown)
  } finally {
    // The open file stays readable without its name, and is gone with the process.
    await files.rm(folder, { recursive: true, force: true })
  }
}

async function* pieces (handle: FileHandle): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = new Uint8Array(pieceBytes)
    const { bytesRead } = await handle.read(piece, 0, pieceBytes)
    if (bytesRead === 0) return
    yield piece.subarray(0, bytesRead)
  }
}

function asStoreError (cause: unknown): never {
  throw new StoreError('SQLite: the copy failed', { cause })
}
