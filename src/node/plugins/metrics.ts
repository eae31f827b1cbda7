// Counts requests by the pattern of their route. Nothing of a path, a header or a body becomes a label.
import fp from 'fastify-plugin'
import type { ServerResponse } from 'node:http'
import type { Gateway } from '../../gateway.ts'
import type { NodeMeter } from '../metrics.ts'
import type {} from './auth.ts'
import type {} from './relay.ts'

/** Served by files, at addresses of their own. */
const pages = ['/', '/chat']

export const requestMetrics = fp<{ gateway: Gateway, meter: NodeMeter }>(async (app, { gateway, meter }) => {
  const patterns = new Set([...pages, ...gateway.routes.map(route => route.path)])
  app.beforeStatus(({ routeOptions: { config, url = 'none' } }, reply) => {
    if (config.scope === 'api') {
      onFirstByte(reply.raw, () => {
        meter.firstByte(url, reply.elapsedTime)
      })
    }
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { url } = request.routeOptions
    // Every other file of the pages is one of many, and none matters by itself.
    meter.request(url === undefined ? 'none' : patterns.has(url) ? url : 'static', request.method, reply.statusCode,
      reply.elapsedTime)
    done()
  })
}, { name: 'metrics', fastify: '5.x', dependencies: ['relay'] })

/**
 * The body's first byte: for a stream long after the status was decided, and no listener on the stream would be
 * harmless.
 */
function onFirstByte (response: ServerResponse, listener: () => void): void {
  for (const name of ['write', 'end'] as const) {
    response[name] = function (this: ServerResponse, ...args: unknown[]) {
      // The prototype's own are in force again from here on.
      Reflect.deleteProperty(response, 'write')
      Reflect.deleteProperty(response, 'end')
      listener()
      return (this as unknown as Record<typeof name, (...args: unknown[]) => never>)[name](...args)
    }
  }
}
