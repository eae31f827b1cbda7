// Whether other processes use the same file. A process that is alone keeps everything in its own memory and writes
// nothing here. It learns of another one by SQLite's counter of foreign changes, which costs no write.
import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { pause } from '../pause.ts'

export interface Presence {
  readonly isAlone: () => boolean
  /** Resolves when all others know of this process, so that limits hold from its first request on. */
  readonly join: () => Promise<void>
  readonly leave: () => void
}

const lookEveryMs = 250
/** While it is not alone, a process says so often that it lives. */
const beatEveryMs = 2_000
/** After this silence a process has ended. A process that begins asks all others for a sign. */
const silentMs = 10_000
/** In this time a living process answers a new one. */
const answerMs = 3 * lookEveryMs

export function createPresence (open: () => DatabaseSync, now: () => number = Date.now): Presence {
  const id = randomUUID()
  let timer: ReturnType<typeof setInterval> | undefined
  let isAlone = true
  let version: unknown
  let beatAt = -Infinity
  let lookedAt = -Infinity
  /** After the machine slept, every process looks silent. */
  let judgeFrom = -Infinity

  return {
    isAlone: () => isAlone,
    async join () {
      if (timer !== undefined) return
      beat()
      // A row is old if its process has ended, or was alone: a living one now renews it.
      isAlone = others(-Infinity).length === 0
      timer = setInterval(look, lookEveryMs).unref()
      if (isAlone) return
      await pause(answerMs, new AbortController().signal)
      open().prepare('DELETE FROM processes WHERE id <> ? AND seen < ?').run(id, now() - silentMs)
      look()
    },
    leave () {
      clearInterval(timer)
      if (timer === undefined) return
      timer = undefined
      try {
        open().prepare('DELETE FROM processes WHERE id = ?').run(id)
      } catch { /* The others notice its silence. */ }
    },
  }

  function look (): void {
    try {
      if (now() - lookedAt > beatEveryMs) judgeFrom = now() + 2 * beatEveryMs
      lookedAt = now()
      const seen = open().prepare('PRAGMA data_version').get()?.['data_version']
      if (seen === version && isAlone) return
      version = seen
      const wasAlone = isAlone
      isAlone = others(wasAlone || now() < judgeFrom ? -Infinity : now() - silentMs).length === 0
      if (!isAlone && (wasAlone || now() - beatAt >= beatEveryMs)) beat()
    } catch { /* The engine reports its failures itself. */ }
  }

  function beat (): void {
    beatAt = now()
    open().prepare('INSERT INTO processes (id, seen) VALUES (?, ?) ON CONFLICT DO UPDATE SET seen = excluded.seen').run(
      id,
      beatAt,
    )
  }

  function others (since: number): unknown[] {
    return open().prepare('SELECT id FROM processes WHERE id <> ? AND seen > ?').all(id,
      Math.max(since, Number.MIN_SAFE_INTEGER))
  }
}
