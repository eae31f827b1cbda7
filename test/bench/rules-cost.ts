// The cost of the rules if they find nothing: the check of an agent's body of 512 KiB, compared with all the work of
// the bare relay on the same body.
import { createLedger } from '../../src/dialects/contract/ledger.ts'
import type { Target } from '../../src/dialects/contract/dialect.ts'
import { readJsonObject, type JsonObject } from '../../src/json.ts'
import { applyRules } from '../../src/rules/apply.ts'
import { median } from '../fixtures/measure.ts'
import { modelOf } from './answers.ts'
import type { Figure } from './figures.ts'
import { cpuOf } from './processes.ts'
import type { Stage } from './stage.ts'

const path = '/chat/completions'
const bytes = 524_288
const words = 'The quick brown fox jumps over the lazy dog, and the tests of the day before still hold. '

/** 30 tools, and rounds of a question, a call and its result. */
function agentBody (model: string): JsonObject {
  const properties = Object.fromEntries(
    ['path', 'command', 'from', 'to', 'pattern', 'limit'].map(name => [name, { type: 'string', description: words }]),
  )
  const tools = Array.from({ length: 30 },
    (_, at) => ({ type: 'function',
      function: { name: `tool_${at}`, description: words.repeat(4),
        parameters: { type: 'object', properties, required: ['path'] } } }))
  const messages: JsonObject[] = [{ role: 'system', content: words.repeat(100) }]
  for (let length = JSON.stringify(tools).length, at = 0; length < bytes; at++) {
    const round = [{ role: 'user', content: words }, { role: 'assistant', content: words,
      tool_calls: [{ id: `call_${at}`, type: 'function',
        function: { name: 'tool_0', arguments: JSON.stringify({ path: words }) } }] }, { role: 'tool',
      tool_call_id: `call_${at}`, content: words.repeat(20) }]
    length += JSON.stringify(round).length
    for (const message of round) messages.push(message)
  }
  return { model, stream: true, stream_options: { include_usage: true },
    messages: [...messages, { role: 'user', content: words }], tools }
}

const target: Target = {
  id: 'gpt-4.1',
  family: 'openai',
  isListed: true,
  streams: true,
  stream: true,
  efforts: [],
  thinkingBudget: null,
  maxOutputTokens: 16_384,
  maxNonStreamingOutputTokens: null,
  supports: { tools: true, vision: true, structuredOutputs: true, adaptiveThinking: false },
  entry: null,
}

/** Microseconds, as the lower quartile of many runs with warm code. */
function ofRules (received: Uint8Array, runs: number): number {
  const ledger = createLedger({ strict: true, model: target.id, upstream: 'openai-chat' })
  const times = Array.from({ length: runs }, () => {
    const body = readJsonObject(received)
    const from = performance.now()
    if (applyRules(path, body, target, ledger).body !== body) {
      throw new Error('the rules changed a body that breaks none')
    }
    return (performance.now() - from) * 1_000
  })
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 4)] ?? NaN
}

export async function rulesCost ({ targets, user, drive, setMode }: Stage, rounds: number): Promise<Figure> {
  const body = JSON.stringify(agentBody(modelOf[path]))
  const received = new TextEncoder().encode(body)
  const count = 75
  await setMode({ events: 20, everyMs: 0 })
  ofRules(received, 300)
  const rules: number[] = []
  const bare: number[] = []
  for (let at = -1; at < rounds; at++) {
    const before = cpuOf(targets.A.pid)
    const { failed, reasons } = await drive({ url: `${targets.A.origin}${path}`, key: user.password, body, count,
      atOnce: 4, endsWith: 'data: [DONE]' })
    if (failed > 0) throw new Error(`rules: ${failed} failed: ${reasons.join('; ')}`)
    if (at < 0) continue
    bare.push((cpuOf(targets.A.pid) - before) / count)
    rules.push(ofRules(received, 100))
  }
  const ratio = median(rules.map((own, at) => own / (bare[at] ?? NaN)))
  return {
    name: 'Rules over a passed body of 512 KiB that breaks none',
    must: '≤ 0.15 × A',
    ok: ratio <= 0.15,
    measured: `${Math.round(median(rules))} µs against ${Math.round(median(bare))} µs: ${ratio.toFixed(2)} × A`,
    values: { rules: median(rules), bare: median(bare), ratio },
  }
}
