// Who caused a call: GitHub charges for what a user asked, and not for an agent's next step.
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import { png } from './openai.ts'

const reminder = '<system-reminder>\nDo not forget.\n</system-reminder>'
const user = (content: unknown) => ({ role: 'user', content })
const text = (text: string) => ({ type: 'text', text })
const system = { role: 'system', content: 'be kind' }
const developer = { role: 'developer', content: 'be brief' }
const assistant = { role: 'assistant', content: 'hello' }
const called = { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }] }
const result = { role: 'tool', tool_call_id: 'call_1', content: 'done' }

const table: ReadonlyArray<readonly ['user' | 'agent', string, readonly object[]]> = [
  ['user', 'a first question', [system, user('hi')]],
  ['user', 'a second question', [user('hi'), assistant, user('and now?')]],
  ['user', 'a question in parts', [user([text('hi'), text('there')])]],
  ['user', 'an image alone', [user([{ type: 'image_url', image_url: { url: png } }])]],
  ['agent', 'a tool result', [user('hi'), called, result]],
  ['agent', 'the assistant last', [user('hi'), assistant]],
  ['user', 'system and developer messages at the end are skipped', [user('hi'), system, developer]],
  ['agent', 'and what is before them counts', [user('hi'), called, result, system, developer]],
  ['user', 'nothing but a system message', [system]],
  ['agent', 'a reminder behind a tool result is no word of the user\'s', [user('hi'), called, result, user(reminder)]],
  ['agent', 'nor are several, in one text or in parts', [user('hi'), called, result, user([text(reminder), text(` ${reminder}\n${reminder} `)])]],
  ['user', 'a question behind a reminder is', [user('hi'), called, result, user([text(reminder), text('go on')])]],
  ['user', 'also in one text with it', [user('hi'), called, result, user(`${reminder}\ngo on`)]],
  ['user', 'or between two', [user('hi'), called, result, user(`${reminder}\ngo on\n${reminder}`)]],
  ['user', 'and an image beside it', [user('hi'), called, result, user([text(reminder), { type: 'image_url', image_url: { url: png } }])]],
  ['user', 'a new question after a whole tool round', [user('hi'), called, result, assistant, user('next')]],
]

export function initiatorSuite ({ target, test }: Frame): void {
  for (const stream of [false, true]) {
    test(`the initiator is told by the last message${stream ? ', streamed' : ''}, whatever the client says`, async t => {
      const { base, password, seat } = await target.addUser()
      for (const [wanted, name, messages] of table) {
        target.begin()
        const { status, headers } = await call(`${base}/chat/completions`, { json: { model: 'gpt-4o', messages, stream }, headers: { authorization: `Bearer ${password}`, 'x-initiator': wanted === 'user' ? 'agent' : 'user' } })
        t.equal(status, 200, name)
        t.equal(target.seen('/chat/completions')[0]?.headers['x-initiator'], wanted, name)
        t.equal(headers.get('x-copilot-initiator'), wanted, name)
      }
      t.same(seat.charges, [], 'gpt-4o costs nothing')
    })
  }

  test('only what a user asked is charged', async t => {
    const { base, password, seat } = await target.addUser()
    for (const messages of [[user('hi')], [user('hi'), called, result], [user('hi'), called, result, user(reminder)]]) {
      t.equal((await call(`${base}/chat/completions`, { json: { model: 'gpt-5.1', messages }, headers: { authorization: `Bearer ${password}` } })).status, 200)
    }
    t.same(seat.charges, [{ model: 'gpt-5.1', cost: 1 }])
  })
}
