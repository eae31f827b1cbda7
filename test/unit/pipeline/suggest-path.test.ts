// The refusal of an unknown address names it, and the address that works.
import t from 'tap'
import { createRouteRefusals } from '../../../src/pipeline/found.ts'

const paths = ['/chat/completions', '/responses', '/messages', '/messages/count_tokens', '/embeddings', '/models',
  '/models/:id', '/usage']
const routes = [
  ...paths.flatMap(path =>
    ['/v1', '', '/v1/v1'].map(base => ({ path: `/:username${base}${path}`, scope: 'api' as const }))
  ),
  { path: '/users/password', scope: 'site' as const },
  { path: '/', scope: 'site' as const },
]
const refuse = createRouteRefusals(routes)
const hint = (path: string) => refuse({ kind: 'none' }, 'POST', path)?.message

t.test('a path of another version of the API gets the three that generate', async t => {
  const all = 'chat/completions, responses or messages below /mona/v1.'
  for (const path of ['/mona/v1/completions', '/mona/completions', '/mona/v1/chat', '/mona/v1/nothing-like-it']) {
    t.equal(hint(path), `There is no ${path}: use ${all}`)
  }
})

t.test('a typing error gets the path that is nearest', async t => {
  const cases = { '/mona/v1/chat/completion': 'chat/completions', '/mona/v1/respones': 'responses',
    '/mona/Messages': 'messages', '/mona/v1/embedding': 'embeddings', '/mona/v1/message': 'messages' }
  for (const [path, meant] of Object.entries(cases)) {
    t.equal(hint(path), `There is no ${path}: use ${meant} below /mona/v1.`)
  }
})

t.test('a path without a user name gets the place of the name', async t => {
  for (const path of ['/v1/chat/completions', '/chat/completions', '/v1/v1/messages', '/v1beta/models']) {
    t.match(hint(path), /: the user name is missing\. Use \/<username>\/v1\/(?:chat\/completions|messages|models)\.$/)
  }
})

t.test('any other path gets the place of the API', async t => {
  for (const path of ['/favicon.png', '/metrics', '/users/nothing', '//', '/v1']) {
    t.match(hint(path), /\. The API is below \/<username>\/v1: /, path)
  }
})

t.test('a refusal repeats no secret and no more than the beginning of a long path', async t => {
  t.notMatch(hint('/mona/acpc-Ab3dEf6hIj/v1/completions'), 'Ab3dEf6hIj')
  t.notMatch(hint('/acpc-Ab3dEf6hIj/v1/completions'), 'Ab3dEf6hIj')
  t.ok((hint(`/mona/${'x'.repeat(100_000)}`)?.length ?? 0) < 300)
})

t.test('a wrong method gets the path and the methods that it has', async t => {
  const refusal = refuse({ kind: 'wrong-method', allow: 'POST, OPTIONS' }, 'GET', '/mona/v1/messages')
  t.match(refusal, { message: 'GET is not a method of /mona/v1/messages: use POST.',
    headers: { allow: 'POST, OPTIONS' } })
})
