import { createReadStream } from 'node:fs'
import fastify from 'fastify'
import t from 'tap'
import { relay } from '../../../src/node/plugins/relay.ts'

t.test('an error has its own type and length, not those of the file that could not be read', async t => {
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(relay)
  app.setErrorHandler((_error, _request, reply) =>
    reply.relay({ status: 500, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{"é":1}' })
  )
  app.get('/',
    async (_request, reply) =>
      reply.headers({ 'content-type': 'text/html', 'content-length': '5' }).send(createReadStream('/nowhere/at/all')))
  const response = await app.inject('/')
  t.match(response, { statusCode: 500, body: '{"é":1}' })
  t.match(response.headers, { 'content-type': 'application/json; charset=utf-8', 'content-length': '8',
    'x-content-type-options': 'nosniff' })
})

t.test('a reply without a body has content-length 0, except for HEAD and 204', async t => {
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(relay)
  app.route({ method: ['GET', 'HEAD'], url: '/:status', handler: (request, reply) => {
    reply.relay({ status: Number((request.params as { status: string }).status), headers: {}, body: null })
  } })
  t.equal((await app.inject('/200')).headers['content-length'], '0')
  t.notOk('content-length' in (await app.inject({ method: 'HEAD', url: '/200' })).headers)
  t.notOk('content-length' in (await app.inject('/204')).headers)
})
