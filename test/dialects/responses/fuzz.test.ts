// Properties of every input: the vendor's SDK accumulates legal parts to the same content, and garbage is an error of
// ours.
import fc from 'fast-check'
import t from 'tap'
import { encodeFitted, prepareFitted } from '../../fixtures/fitted.ts'
import { collectAnswer } from '../../../src/relay/collect.ts'
import { openAiResponses as dialect } from '../../../src/dialects/responses/index.ts'
import { GatewayError } from '../../../src/errors.ts'
import type { AnswerBlock, Part } from '../../../src/dialects/contract/part.ts'
import type { JsonObject } from '../../../src/json.ts'
import { accumulate, answerOptions, decodeText, encode, encodeOptions, everything, ledger, plain, target, repaired,
  usage, type Json } from './kit.ts'
import { createToolNames } from '../../../src/dialects/shared/tool-names.ts'

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
const kinds = fc.constantFrom('text', 'apart', 'refusal', 'reasoning', 'function', 'custom', 'local_shell', 'shell')
const reasons = fc.constantFrom('stop', 'tool', 'length', 'filter', 'refusal', 'pause', 'context', 'stop_sequence')

function startOf (kind: string, block: number): Part {
  switch (kind) {
    case 'text':
    case 'apart':
      return { type: 'text-start', block, apart: kind === 'apart' }
    case 'refusal':
      return { type: 'refusal-start', block }
    case 'reasoning':
      return { type: 'reasoning-start', block }
    default:
      return { type: 'tool-call-start', block, callId: `call_${block}`, name: `f${block}`,
        namespace: block % 2 === 0 ? null : 'ns', kind: kind === 'custom' ? 'custom' : 'function',
        builtin: kind.endsWith('shell') ? kind : null }
  }
}

/** Blocks that overlap in any way. */
const legal = fc.tuple(
  fc.array(fc.record({ kind: kinds, deltas: fc.array(words, { maxLength: 4 }) }), { maxLength: 7 }),
  fc.infiniteStream(fc.nat()),
  reasons,
).map(([blocks, dice, reason]): Part[] => {
  const queues = blocks.map(({ kind, deltas }, block): Part[] => {
    const name = kind === 'apart' ? 'text' : ['text', 'refusal', 'reasoning'].includes(kind) ? kind : 'tool-call'
    const carrier = kind === 'reasoning'
      ? { carrier: { kind: 'm' as const, item: { thinking: deltas.join('') }, model: 'm' } }
      : {}
    return [startOf(kind, block), ...deltas.map(text => ({ type: `${name}-delta`, block, text }) as Part), {
      type: 'block-end',
      block,
      ...carrier,
    }]
  })
  const parts: Part[] = [{ type: 'message-start', id: 'chatcmpl-9', model: 'm', created: null }]
  let begun = 0
  while (queues.some(queue => queue.length > 0)) {
    const roll = dice.next().value
    const open = queues.map((_queue, at) => at).filter(at => at < begun && (queues[at]?.length ?? 0) > 0)
    const at = open.length === 0 || (begun < queues.length && roll % 3 === 0) ? begun++ : open[roll % open.length] ?? 0
    const part = queues[at]?.shift()
    if (part !== undefined) parts.push(part)
  }
  return [...parts, { type: 'usage', usage }, { type: 'message-end', reason, stopSequence: null, explanation: null }]
})

function textOf (blocks: readonly AnswerBlock[], type: string): string {
  return blocks.filter(block => block.type === type).map(block => 'text' in block ? block.text : '').sort().join('|')
}

t.test('random legal parts never make the SDK throw, and add up to the same content', async () => {
  await fc.assert(fc.asyncProperty(legal, async parts => {
    const sse = encode(parts)
    const response = await accumulate(sse)
    const given = collectAnswer(parts)
    const items: Json[] = response.output
    const contents = items.filter(item => item.type === 'message').flatMap(item => item.content)
    const all = (type: string, field: string) =>
      contents.filter(part => part.type === type).map(part => part[field]).join('').length
    const lengthOf = (type: string) =>
      given.blocks.filter(block => block.type === type).reduce(
        (sum, block) => sum + ('text' in block ? block.text.length : 0),
        0,
      )
    if (all('output_text', 'text') !== lengthOf('text') || all('refusal', 'refusal') !== lengthOf('refusal')) {
      throw new Error('text was lost')
    }
    const calls = items.filter(item => item.call_id !== undefined)
    if (calls.length !== given.blocks.filter(block => block.type === 'tool-call').length) {
      throw new Error('a call was lost')
    }
    for (const block of given.blocks.filter(block => block.type === 'tool-call')) {
      const item = calls.find(call => call.call_id === block.callId)
      const input = item.arguments ?? item.input
      // White space around JSON is no content: a stream may have sent some before it is known that nothing follows.
      if (input !== undefined && block.input.trim() !== '' && input.trim() !== block.input.trim()) {
        throw new Error(`${input} is not ${block.input}`)
      }
    }
    // The native repair leaves correct answers alone.
    const repair = dialect.createRepair(answerOptions())
    if ((await accumulate(
      repaired(
        sse.split('\n\n').filter(Boolean).map(text => JSON.parse(String(text.split('\ndata: ')[1])) as JsonObject),
        repair,
      ),
    )).output.length !== items.length) throw new Error('the repair lost an item')
  }), { numRuns: 120 })
})

t.test('decoding the encoded answer gives the same answer, streamed and whole', async () => {
  const simple = legal.map(parts => parts.filter(part => !('builtin' in part) || part.builtin === null))
  await fc.assert(fc.asyncProperty(simple, async parts => {
    const given = collectAnswer(parts)
    const streamed = collectAnswer(decodeText(encode(parts)))
    const whole = collectAnswer(dialect.decodeAnswer(dialect.encodeAnswer(given, encodeOptions(everything))))
    for (const got of [streamed, whole]) {
      for (const type of ['reasoning', 'tool-call']) {
        if (got.blocks.filter(block => block.type === type).length
          > given.blocks.filter(block => block.type === type).length) throw new Error(`an unexpected ${type}`)
      }
      if (textOf(got.blocks, 'reasoning') !== textOf(given.blocks, 'reasoning')) throw new Error('reasoning differs')
      const join = (blocks: readonly AnswerBlock[]) =>
        blocks.map(block => block.type === 'text' ? block.text : '').join('').length
      if (join(got.blocks) !== join(given.blocks)) throw new Error('text differs')
      if (got.usage?.input !== usage.input || got.usage.output !== usage.output
        || got.usage.cacheRead !== usage.cacheRead || got.usage.reasoning !== usage.reasoning) {
        throw new Error('usage differs')
      }
    }
  }), { numRuns: 100 })
})

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>
const types = fc.constantFrom('message', 'function_call', 'function_call_output', 'custom_tool_call', 'reasoning',
  'local_shell_call', 'shell_call_output', 'apply_patch_call', 'tool_search_call', 'tool_search_output',
  'additional_tools', 'configuration_update', 'web_search_call', 'compaction', 'output_text', 'input_image',
  'input_file', 'summary_text', 'namespace', 'function', 'custom', 'tool_search', 'json_schema', 'allowed_tools',
  'whatever')
const keys = ['type', 'role', 'content', 'call_id', 'id', 'name', 'arguments', 'output', 'summary', 'encrypted_content',
  'text', 'tools', 'action', 'image_url', 'file_data', 'tool_choice', 'reasoning', 'include', 'input', 'model',
  'stream']
const near = fc.letrec(tie => ({
  value: fc.oneof({ depthSize: 'small' }, json, types,
    fc.constantFrom<unknown>('user', 'assistant', 'developer', 'cpt1.r.e30', 'data:image/png;base64,AA', '', {
      toString: 1,
    }), fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 8 }),
})).object as fc.Arbitrary<JsonObject>

t.test('garbage in a request, an event or an answer is a GatewayError, or no error', () => {
  const survives = (act: () => unknown): void => {
    try {
      act()
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown
    }
  }
  fc.assert(fc.property(near, body => {
    survives(() => dialect.inspect(body))
    for (const to of [target, plain]) survives(() => prepareFitted(dialect, body, to, ledger()))
    survives(() => {
      const prompt = dialect.decodeRequest(body, ledger())
      encodeFitted(dialect, prompt, target, ledger(), createToolNames(prompt, 64))
      dialect.createEncoder({ ...encodeOptions(), prompt }).push({ type: 'message-start', id: '', model: '',
        created: null })
    })
    survives(() => dialect.decodeAnswer(body))
    survives(() => dialect.toStream?.(dialect.repairAnswer(body, answerOptions()).answer, answerOptions()))
  }), { numRuns: 2_000 })
  const eventTypes = ['created', 'in_progress', 'output_item.added', 'output_item.done', 'content_part.added',
    'content_part.done', 'output_text.delta', 'output_text.done', 'output_text.annotation.added', 'refusal.delta',
    'reasoning_summary_part.added', 'reasoning_summary_part.done', 'reasoning_summary_text.delta',
    'reasoning_summary_text.done', 'reasoning_text.delta', 'function_call_arguments.delta',
    'function_call_arguments.done', 'custom_tool_call_input.delta', 'custom_tool_call_input.done', 'completed',
    'incomplete', 'failed', 'note'].map(type => `response.${type}`)
  const event = fc.tuple(fc.constantFrom(...eventTypes), fc.nat(2), fc.nat(1), fc.nat(1),
    fc.constantFrom('message', 'reasoning', 'function_call', 'custom_tool_call', 'shell_call', 'other'), near).map((
      [type, output_index, content_index, summary_index, item, more],
    ) => ({ ...more, type, output_index, content_index, summary_index, delta: 'x',
      item: { id: 'a', call_id: 'c', ...more, type: item },
      part: { ...more, type: item === 'other' ? 'refusal' : 'output_text' },
      response: { ...more, output: [{ ...more, type: item }] } })
    )
  return fc.assert(fc.asyncProperty(fc.array(event, { maxLength: 25 }), async events => {
    survives(() => collectAnswer(dialect.createDecoder().push(JSON.stringify(events[0] ?? {}), '')))
    const decoder = dialect.createDecoder()
    survives(() => {
      for (const one of events) decoder.push(JSON.stringify(one), '')
    })
    const repair = dialect.createRepair(answerOptions())
    let sse = ''
    survives(() => {
      for (const one of events) {
        sse += repair.event(JSON.stringify(one), one.type) ?? `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`
      }
    })
    sse += repair.fail?.(new GatewayError('upstream_error', 'x')) ?? ''
    await accumulate(sse)
  }), { numRuns: 250 })
})
