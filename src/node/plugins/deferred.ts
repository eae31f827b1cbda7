// Work for after a reply, and a server that waits for it when it closes.
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    defer: (work: Promise<unknown>) => void
  }
}

export const deferred = fp(async app => {
  const pending = new Set<Promise<unknown>>()
  app.decorate('defer', (work: Promise<unknown>) => {
    const settled = work.catch(() => {}).finally(() => { pending.delete(settled) })
    pending.add(settled)
  })
  app.addHook('onClose', async () => { await Promise.allSettled(pending) })
}, { name: 'deferred', fastify: '5.x' })
