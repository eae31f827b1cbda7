// Tokens that need no exchange, `docs/spec/copilot.md#token-kinds`.
import t from 'tap'
import { createDirect } from '../../../src/upstream/direct.ts'
import { token } from '../helpers/process.ts'
import { configOf, createScriptedSend } from '../helpers/upstream.ts'

t.test('a refusal that repeats the token reaches the client without it', async t => {
  const send = createScriptedSend({ body: { data: { viewer: { copilotEndpoints: { api: null } } } } }, { status: 403,
    body: `denied for Bearer ${token} and ${token}` })
  const open = createDirect(configOf(), send, 'test')
  const failure = await open(token, new AbortController().signal).then(() => null, (thrown: Error) => thrown)
  t.match(failure, { code: 'github_token_rejected', message: /denied for \[secret\]/ })
  t.notOk(failure?.message.includes(token))
})
