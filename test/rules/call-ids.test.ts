// Call ids that a model does not accept: different ids stay different, and each result stays with its call.
import fc from 'fast-check'
import t from 'tap'
import { anthropicMessages } from '../../src/dialects/messages/index.ts'
import { createLedger } from '../../src/dialects/contract/ledger.ts'
import { openAiChat } from '../../src/dialects/chat/index.ts'
import { openAiResponses } from '../../src/dialects/responses/index.ts'
import type { Endpoint } from '../../src/rules/rule.ts'
import { toolWires } from '../../src/rules/tool-wire.ts'
import { atOnce, isSteps } from '../../src/steps.ts'
import { encodeFitted, prepareFitted } from '../fixtures/fitted.ts'
import { target } from './violations.ts'

const dialects = [openAiChat, openAiResponses, anthropicMessages]
const models: Readonly<Record<Endpoint, readonly string[]>> = {
  '/chat/completions': ['gpt-4o', 'claude-sonnet-4', 'gemini-2.5-pro'],
  '/responses': ['gpt-5.1'],
  '/v1/messages': ['claude-sonnet-4.5'],
}
const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }]

const request = (ids: readonly string[]) => ({
  model: 'm',
  tools,
  messages: [{ role: 'user', content: 'go' }, { role: 'assistant', content: null,
    tool_calls: ids.map(id => ({ id, type: 'function', function: { name: 'f', arguments: JSON.stringify({ id }) } })) },
    ...ids.map(id => ({ role: 'tool', tool_call_id: id, content: `result of ${id}` }))],
})

/** For every endpoint and model: the ids of the calls upstream, then those of the results. */
function upstreamIds (
  ids: readonly string[],
): Array<{ readonly at: string, readonly calls: readonly string[], readonly results: readonly string[] }> {
  return dialects.flatMap(dialect =>
    models[dialect.path].map(id => {
      const to = target(id)
      const ledger = createLedger({ strict: false, model: id, upstream: dialect.name })
      const body = dialect === openAiChat
        ? prepareFitted(dialect, request(ids), to, ledger) ?? request(ids)
        : encodeFitted(dialect, openAiChat.decodeRequest(request(ids), ledger), to, ledger)
      const calls: string[] = []
      const results: string[] = []
      const seen = toolWires[dialect.path].ids(body, call => {
        calls.push(call)
        return call
      }, result => {
        results.push(result)
        return result
      })
      if (isSteps(seen)) atOnce(seen)
      return { at: `${id} on ${dialect.path}`, calls, results }
    })
  )
}

t.test('ids that differ only in refused characters stay two ids', async t => {
  for (const { at, calls, results } of upstreamIds(['a:1', 'a.1', 'a_1', `${'x'.repeat(70)}:`, `${'x'.repeat(70)}.`])) {
    t.equal(new Set(calls).size, 5, `${at}: ${calls.join(' ')}`)
    t.strictSame(results, calls, at)
  }
})

t.test('whatever the ids, each result keeps its call', async () => {
  const id = fc.oneof(fc.constantFrom('a:1', 'a.1', 'a_1', 'a|1'), fc.string({ minLength: 1, maxLength: 80 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }))
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 6 }), ids =>
      upstreamIds(ids).every(({ calls, results }) =>
        new Set(calls).size === ids.length && calls.join('\n') === results.join('\n') && calls.every(call =>
          call.length > 0 && call.length <= 64
        )
      )),
    { numRuns: 100 },
  )
})
