// Repeats calls of objects on workerd, whose cursors count rows as Cloudflare bills them.
import { build } from 'esbuild'
import { Miniflare, convertV4MiniflareOptions } from 'miniflare'
import { fileURLToPath } from 'node:url'
import type { ObjectCall } from './day.ts'

export interface RowCount {
  readonly read: number
  readonly written: number
  /** How long the caller waits, on average. The object is in memory for less. */
  readonly secondsOfCall: number
  readonly bytesOfCall: number
}

const batch = 100

export async function replay (calls: readonly ObjectCall[]): Promise<RowCount> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('day-object.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:workers'],
    write: false,
    logLevel: 'silent',
  })
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({ modules: true, script: outputFiles[0]?.text ?? '', compatibilityDate: '2026-10-23',
      durableObjects: { STATE: { className: 'CountedState', useSQLite: true } }, host: '127.0.0.1', port: 0, cf: false,
      telemetry: { enabled: false } }),
  )
  try {
    const { origin } = await miniflare.ready
    const total = { read: 0, written: 0, seconds: 0 }
    for (let at = 0; at < calls.length; at += batch) {
      const response = await fetch(origin, { method: 'POST', body: JSON.stringify(calls.slice(at, at + batch)) })
      const part = await response.json() as typeof total
      for (const name of ['read', 'written', 'seconds'] as const) total[name] += part[name]
    }
    return { read: total.read, written: total.written, secondsOfCall: total.seconds / calls.length,
      bytesOfCall: Math.round(JSON.stringify(calls.map(({ args }) => args)).length / calls.length) }
  } finally {
    await miniflare.dispose()
  }
}
