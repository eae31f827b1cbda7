// A copy of the SQLite file for a backup. SQLite makes it page by page outside the event loop, and begins again when a
// write of another process comes between, so the copy shows one moment.
import { lstatSync, promises as files, readdirSync, rmSync, statSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { StoreError, type StoreCopy } from './store.ts'

const pagesAtOnce = 256
const pieceBytes = 65_536
const [prefix, copyName] = ['.backup-', 'copy.sqlite']
/** As `mkdtemp` makes them. */
const folderForm = /^\.backup-[A-Za-z0-9]{6}$/
/** Without a write in this time, the process that made the copy is gone. */
const leftOverMs = 3_600_000

/** The copy lies next to the file, in a directory of this user alone, until it is open. @throws {StoreError} */
export async function copySqlite (db: DatabaseSync, file: string): Promise<StoreCopy> {
  const folder = await files.mkdtemp(join(dirname(file), prefix)).catch(asStoreError)
  try {
    const { backup } = process.getBuiltinModule('node:sqlite')
    const target = join(folder, copyName)
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

/** Deletes the copies that a killed process left next to the file. Never throws: what stays only costs space. */
export function sweepCopies (file: string): void {
  const place = dirname(file)
  for (const name of attempt(() => readdirSync(place)) ?? []) {
    const folder = join(place, name)
    // A link is not followed.
    const own = folderForm.test(name) ? attempt(() => lstatSync(folder)) : null
    if (own?.isDirectory() !== true) continue
    const copy = attempt(() => statSync(join(folder, copyName)))
    if (Date.now() - Math.max(own.mtimeMs, copy?.mtimeMs ?? 0) < leftOverMs) continue
    attempt(() => {
      rmSync(folder, { recursive: true, force: true })
    })
  }
}

function attempt<T> (work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
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
