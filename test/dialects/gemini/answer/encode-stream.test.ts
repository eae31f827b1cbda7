// Answers, streamed in both forms and whole.
import t from 'tap'
import { GatewayError } from '../../../../src/errors.ts'
import { googleGeminiArray } from '../../../../src/dialects/gemini/index.ts'
import { unpackSignature } from '../../../../src/dialects/gemini/wire-signature.ts'
import { array, calls, dialect, ends, head, options, partsOf, says, stream, thinking, thinks, usage,
  whole } from '../kit.ts'

t.test('text streams as it comes; the last event has the reason and the usage', async t => {
  const events = stream([head, ...says(0, 'Lo', 'ok.'), usage, ends('stop')])
  t.strictSame(partsOf(events), [{ text: 'Lo' }, { text: 'ok.' }, { text: '' }])
  t.ok(events.every(event => event.candidates?.[0]?.content?.role === 'model' && event.responseId === 'r1'))
  t.strictSame(events.map(event => event.candidates?.[0]?.finishReason), [undefined, undefined, 'STOP'])
  t.strictSame(events.at(-1)?.usageMetadata, { promptTokenCount: 90, cachedContentTokenCount: 80,
    candidatesTokenCount: 4, thoughtsTokenCount: 6, totalTokenCount: 100 })
  t.strictSame(array([head, ...says(0, 'Lo', 'ok.'), usage, ends('stop')]), events)
  t.match(whole([head, ...says(0, 'Lo', 'ok.'), usage, ends('stop')]).candidates, [{ content: {
    parts: [{ text: 'Look.' }],
  }, finishReason: 'STOP' }])
})

t.test('a state goes with the first part behind it that is no thought', async t => {
  const stateOf = (signature: string | undefined) =>
    unpackSignature(signature ?? '').map(({ item }) => item['state']).join()
  const placed = (...parts: Parameters<typeof stream>[0][number][][]) => {
    const all = [head, ...parts.flat(), ends('stop')]
    const seen = [partsOf(stream(all, options(thinking))), partsOf([whole(all, options(thinking))])].map(list =>
      list.map(part =>
        [part.thought === true ? 'thought' : part.functionCall?.name ?? part.text, stateOf(part.thoughtSignature)]
          .filter(word => word !== '').join(' ')
      )
    )
    return seen
  }
  const withEnd = (...words: string[]) => [[...words, ''], words]
  t.strictSame(placed(thinks(0, 'hm', 'S'), says(1, 'a')), withEnd('thought', 'a S'))
  t.strictSame(placed(thinks(0, 'hm', 'S'), thinks(1, '', 'T'), calls(2, 'f', '{}')), withEnd('thought', 'f S,T'))
  t.strictSame(placed(says(0, 'a'), calls(1, 'f', '{}'), thinks(2, '', 'S')), [['a', 'f', 'S'], ['a', 'f', 'S']],
    'a part of its own if nothing follows')
  t.strictSame(partsOf(stream([head, ...thinks(0, 'hm', null), ...says(1, 'a'), ends('stop')])).map(({ text }) => text),
    ['a', ''], 'thoughts only for includeThoughts')
})

t.test('overlapping blocks come one after another, in the order of their start', async t => {
  const [f, g] = [calls(1, 'f', '{"a":', '1}'), calls(2, 'g', '{}')]
  const parts = [head, ...says(0, 'x').slice(0, 2), f[0], g[0], f[1], g[1], g[2], f[2], { type: 'block-end', block: 0 },
    f[3], ends('tool')] as Parameters<typeof stream>[0]
  t.match(partsOf(stream(parts)), [{ text: 'x' }, { functionCall: { id: 'c1', name: 'f', args: { a: 1 } } }, {
    functionCall: { id: 'c2', name: 'g', args: {} },
  }, { text: '' }])
})

t.test('why an answer ended', async t => {
  const endOf = (...parts: Parameters<typeof stream>[0]) => {
    const streamed = stream([head, ...parts]).at(-1)?.candidates?.[0]
    t.equal(whole([head, ...parts]).candidates?.[0]?.finishReason, streamed?.finishReason)
    return streamed
  }
  t.match(endOf(...says(0, 'a'), ends('length')), { finishReason: 'MAX_TOKENS' })
  t.match(endOf(...calls(0, 'f', '{}'), ends('tool')), { finishReason: 'STOP' })
  t.match(endOf(...calls(0, 'f', '[1]'), ends('tool')), { finishReason: 'MALFORMED_FUNCTION_CALL' })
  t.match(endOf(ends('filter', 'Not that.')), { finishReason: 'SAFETY', finishMessage: 'Not that.',
    content: { parts: [{ text: 'Not that.' }] } })
  const cut = calls(0, 'f', '{"a":').with(-1, { type: 'block-end', block: 0, isCut: true })
  t.match(endOf(...cut, ends('length')), { finishReason: 'MAX_TOKENS' })
  t.strictSame(partsOf(stream([head, ...cut, ends('length')])), [{ text: '' }], 'no half of a call')
})

t.test('citations count bytes of UTF-8', async t => {
  const [start, ...rest] = says(1, 'Füße: gut.')
  const parts = [head, ...says(0, 'é'), start, ...rest.slice(0, -1), { type: 'citation', block: 1, url: 'https://a',
    title: 'A', citedText: 'gut' }, rest.at(-1), ends('stop')] as Parameters<typeof stream>[0]
  for (const candidate of [stream(parts).at(-1)?.candidates?.[0], whole(parts).candidates?.[0]]) {
    t.strictSame(candidate?.groundingMetadata, { groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }],
      groundingSupports: [{ segment: { startIndex: 10, endIndex: 13, text: 'gut' }, groundingChunkIndices: [0] }] })
  }
})

t.test('log probabilities', async t => {
  const logprobs = [{ token: 'a', logprob: -1, top_logprobs: [{ token: 'b', logprob: -2 }] }]
  const parts = [head, ...says(0, 'a').slice(0, 2), { type: 'block-end', block: 0, logprobs },
    ends('stop')] as Parameters<typeof stream>[0]
  t.match(stream(parts).at(-1)?.candidates?.[0]?.logprobsResult, {
    chosenCandidates: [{ token: 'a', logProbability: -1 }],
    topCandidates: [{ candidates: [{ token: 'b', logProbability: -2 }] }],
  })
})

t.test('a failure comes in both forms, and ends the array', async t => {
  const failure = new GatewayError('upstream_error', 'Broken.', { retryAfterSeconds: 3 })
  const error = { error: { code: 502, message: 'Broken.', status: 'UNAVAILABLE' } }
  const encoder = dialect.createEncoder(options())
  encoder.push(head)
  const [event = '', bare = ''] = encoder.fail(failure).split('\r\n\r\n')
  t.match(JSON.parse(event.replace('data: ', '')), error)
  t.match(JSON.parse(bare), error)
  t.equal(encoder.push(says(0, 'a')[1] as never), '', 'nothing follows')
  t.match(JSON.parse(googleGeminiArray.failStream(failure)), [error])
  const begun = googleGeminiArray.createEncoder(options())
  const text = [head, ...says(0, 'a')].map(part => begun.push(part)).join('') + begun.fail(failure)
  t.match(JSON.parse(text), [{ candidates: [{ content: { parts: [{ text: 'a' }] } }] }, error])
})
