// Counts requests by the pattern of their route. No part of a path, a header or a body becomes a label.
import fp from 'fastify-plugin'
import type { ServerResponse } from 'node:http'
import type { Gateway } from '../../gateway.ts'
import { servedPages } from '../../page-files.ts'
import type { NodeMeter } from '../metrics.ts'
import type {} from './auth.ts'
import type {} from './relay.ts'

export const requestMetrics = fp<{ gateway: Gateway, meter: NodeMeter }>(async (app, { gateway, meter }) => {
  const patterns = new Set([...servedPages(gateway.config), ...gateway.routes.map(route => route.path)])
  app.beforeStatus(({ routeOptions: { config, url = 'none' } }, reply) => {
    if (config.scope === 'api') {
      onFirstByte(reply.raw, () => {
        meter.firstByte(url, reply.elapsedTime)
      })
    }
  })
  app.addHook('onResponse', (request, reply, done) => {
    const { url } = request.routeOptions
    // All other files of the pages count together.
    meter.request(url === undefined ? 'none' : patterns.has(url) ? url : 'static', request.method, reply.statusCode,
      reply.elapsedTime)
    done()
  })
}, { name: 'metrics', fastify: '5.x', dependencies: ['relay'] })

/**
 * Calls `listener` at the first byte of the body, which a stream sends long after its status. A listener on the stream
 * would change how the stream flows.
 */
function onFirstByte (response: ServerResponse, listener: () => void): void {
  for (const name of ['write', 'end'] as const) {
    response[name] = function (this: ServerResponse, ...args: unknown[]) {
      // From here on, the methods of the prototype are called again.
      Reflect.deleteProperty(response, 'write')
      Reflect.deleteProperty(response, 'end')
      listener()
      return (this as unknown as Record<typeof name, (...args: unknown[]) => never>)[name](...args)
    }
  }
}
