// Work that continues after a reply. A closing server waits for it, but not for an upstream that hangs.
import fp from 'fastify-plugin'
import { withTimeout } from '../../single-flight.ts'

declare module 'fastify' {
  interface FastifyInstance {
    defer: (work: Promise<unknown>) => void
  }
}

/** A store write takes less. A list of models may take 30 s, and is useless once the process ends. */
const longestWaitMs = 4_000

export const deferred = fp(async app => {
  const pending = new Set<Promise<unknown>>()
  app.decorate('defer', (work: Promise<unknown>) => {
    const settled = work.catch(() => {}).finally(() => {
      pending.delete(settled)
    })
    pending.add(settled)
  })
  app.addHook('onClose', async () => {
    await withTimeout(Promise.allSettled(pending), longestWaitMs, async () => [])
  })
}, { name: 'deferred', fastify: '5.x' })
