// V8's own function compares the shapes of real requests and of their imitations.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import t from 'tap'
import { Agent, type Dispatcher } from 'undici'
import { createKeptShapes, imitateRequest, imitateUpstream,
  requestMadeBy } from '../../../../src/node/internals/kept-shapes.ts'

setFlagsFromString('--allow-natives-syntax')
const haveSameShape = runInNewContext('(one, other) => %HaveSameMap(one, other)') as (a: unknown, b: unknown) => boolean
const secret = 'acpc-0123456789abcdef'
const last = <T>(all: readonly T[]): T => {
  const found = all.at(-1)
  if (found === undefined) throw new Error('nothing there')
  return found
}

t.test("a request's objects and their imitations have the same shapes, and share no data", async t => {
  const app = Fastify()
  t.teardown(() => app.close())
  const seen: Array<{ request: FastifyRequest, reply: FastifyReply, body: Buffer }> = []
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, raw, done) => {
    setImmediate(() => {
      done(null, raw.read())
    })
  })
  app.post('/:name', (request, reply) => {
    seen.push({ request, reply, body: request.body as Buffer })
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
    void reply.hijack()
    reply.raw.write('one')
    reply.raw.end('two')
  })
  await app.listen()
  const { port } = app.server.address() as AddressInfo
  for (let at = 0; at < 50; at++) {
    const response = await fetch(`http://localhost:${port}/${secret}?key=${secret}`, { method: 'POST', body: secret,
      headers: { authorization: secret, cookie: secret, 'content-type': 'x/y' } })
    await response.text()
  }
  const { request, reply, body } = last(seen)
  const like = imitateRequest(request, reply)
  t.ok(haveSameShape(request, like.request), "Fastify's request")
  t.ok(haveSameShape(reply, like.reply), "Fastify's reply")
  t.ok(haveSameShape(request.raw, like.request.raw), "Node's request")
  t.ok(haveSameShape(reply.raw, like.reply.raw), "Node's response")
  t.ok(haveSameShape(request.raw.socket, like.request.raw.socket), 'the connection')
  for (const part of ['_events', '_readableState', '_writableState']) {
    const [own, imitated] = [request.raw.socket, like.request.raw.socket].map(of => Reflect.get(of, part))
    t.ok(haveSameShape(own, imitated), `the connection's ${part}`)
  }
  t.ok(haveSameShape(request.headers, like.request.headers), 'the headers')
  t.ok(haveSameShape(body, like.request.body), 'a short body')
  t.notOk(reaches(like, value => typeof value === 'string' && value.includes(secret)), 'no data')
  request.raw.headers = { ...request.headers, [secret]: 'a secret as a name' }
  t.notOk(reaches(imitateRequest(request, reply), (_value, key) => key === secret), 'no unusual name of a header')
  t.notOk(reaches(like, value => value === request.raw.socket || value === request.raw), 'no object of the request')
})

t.test("undici's objects and their imitations have the same shapes, and share no data", async t => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.write('one')
      setTimeout(() => response.end('two'), 1)
    })
  }).listen()
  const agent = new Agent()
  t.teardown(async () => {
    await agent.close()
    server.close()
  })
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const seen: Array<{ request: object, controller: Dispatcher.DispatchController }> = []
  for (let at = 0; at < 50; at++) {
    await new Promise<void>((resolve, reject) => {
      let controller: Dispatcher.DispatchController | null = null
      const request = requestMadeBy(() => {
        agent.dispatch({ origin, path: `/${secret}`, method: 'POST', body: Buffer.from(secret),
          headers: ['authorization', secret] }, { ...handler, onRequestStart (given) {
          controller = given
        }, onResponseEnd () {
          if (request !== null && controller !== null) seen.push({ request, controller })
          resolve()
        }, onResponseError: (_controller, error) => {
          reject(error)
        } })
      })
    })
  }
  const { request, controller } = last(seen)
  const [, likeController, likeRequest] = imitateUpstream(request, controller, handler)
  t.ok(haveSameShape(request, likeRequest), 'the request')
  t.ok(haveSameShape(controller, likeController), 'the controller')
  t.notOk(reaches(likeRequest, value => typeof value === 'string' && value.includes(secret)), 'no data')
  t.equal(requestMadeBy(() => {}), null, 'nothing was made')
})

t.test('one object of many is imitated, the last four stay, and an error changes nothing', t => {
  const shapes = createKeptShapes(3)
  const due = Array.from({ length: 15 }, (_, at) => at).filter(() => shapes.isDue())
  t.strictSame(due, [0, 3, 6, 9, 12])
  for (const at of due) shapes.keep(() => [{ at }])
  const kept = [12, 3, 6, 9].map(at => [{ at }])
  t.strictSame(shapes.kept, kept)
  shapes.keep(() => {
    throw new TypeError('another version of Fastify')
  })
  t.strictSame(shapes.kept, kept)
  t.end()
})

const handler: Dispatcher.DispatchHandler = { onRequestStart () {}, onResponseStart () {}, onResponseData () {},
  onResponseEnd () {}, onResponseError () {} }

/** Whether an object leads to such a value by its own keys. */
function reaches (from: unknown, fits: (value: unknown, key: PropertyKey) => boolean): boolean {
  const known = new Set<unknown>()
  const queue: Array<[PropertyKey, unknown]> = [['', from]]
  for (const [key, value] of queue) {
    if (fits(value, key)) return true
    if (typeof value !== 'object' || value === null || known.has(value)) continue
    known.add(value)
    for (const name of Reflect.ownKeys(value)) {
      queue.push([name, Object.getOwnPropertyDescriptor(value, name)?.value])
    }
  }
  return false
}
