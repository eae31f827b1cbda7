// G8, G20, G23: properties of every input and of every route.
import fc from 'fast-check'
import { readRecord } from '../../src/auth/record.ts'
import { readConfig } from '../../src/config.ts'
import { anthropicMessages } from '../../src/dialects/messages/index.ts'
import type { AnswerOptions, Dialect } from '../../src/dialects/contract/dialect.ts'
import { createLedger } from '../../src/dialects/contract/ledger.ts'
import { openAiChat } from '../../src/dialects/chat/index.ts'
import { openAiResponses } from '../../src/dialects/responses/index.ts'
import { GatewayError } from '../../src/errors.ts'
import { createGateway } from '../../src/gateway.ts'
import type { JsonObject } from '../../src/json.ts'
import { readAccountType } from '../../src/upstream/hosts.ts'
import { createMemoryStore } from '../../src/store/memory.ts'
import { systemClock } from '../../src/system-clock.ts'
import { startTarget } from '../fixtures/targets.ts'
import { cut, readEvents, scan, toBytes } from '../unit/helpers/events.ts'
import type { Figure } from './figure.ts'

const dialects: readonly Dialect[] = [openAiChat, openAiResponses, anthropicMessages]
const options = (dialect: Dialect): AnswerOptions => {
  let ids = 0
  return {
    facts: dialect.inspect(
      dialect.name === 'openai-responses'
        ? { input: 'hi', stream: true }
        : { messages: [{ role: 'user', content: 'hi' }], max_tokens: 9, stream: true },
    ),
    model: 'gpt-4o',
    now: () => 1_774_700_000_000,
    newId: () => `id${ids++}`,
  }
}
const outcomeOf = (dialect: Dialect, pieces: readonly Uint8Array[]) => {
  const { text, failure } = scan(pieces, dialect.createRepair(options(dialect)))
  return JSON.stringify([readEvents(text), failure instanceof GatewayError ? failure.code : failure])
}

const g8: Figure = {
  id: 'G8',
  name: 'Chunking: each stream cut at every byte, 1,000 random cuts, LF/CRLF/CR',
  must: 'the same events',
  async run () {
    const target = await startTarget('node-memory')
    const { base, password } = await target.addUser()
    let runs = 0
    let differing = 0
    for (const dialect of dialects) {
      for (const prompt of ['hi', 'Write a long story about ü漢🙂 and "quotes"']) {
        const body = dialect.name === 'openai-responses'
          ? { input: prompt }
          : { messages: [{ role: 'user', content: prompt }], max_tokens: 500 }
        const response = await fetch(base + dialect.path.replace('/v1', ''), { method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${password}` },
          body: JSON.stringify({ ...body, model: 'gpt-4o', stream: true }) })
        const golden = await response.text()
        for (const end of ['\n', '\r\n', '\r']) {
          const bytes = toBytes(golden.replaceAll('\n', end))
          const whole = outcomeOf(dialect, [toBytes(golden)])
          const same = (pieces: readonly Uint8Array[]) => {
            runs++
            if (outcomeOf(dialect, pieces) !== whole) differing++
          }
          same(cut(bytes, [1]))
          for (let at = 1; at < bytes.length; at += Math.max(1, Math.floor(bytes.length / 1_000))) {
            same([bytes.slice(0, at), bytes.slice(at)])
          }
          for (let n = 0; n < 334; n++) {
            same(cut(bytes, Array.from({ length: 7 }, () => 1 + Math.floor(Math.random() ** 3 * 200))))
          }
        }
      }
    }
    await target.close()
    return { measured: `${differing} of ${runs} cuts gave other events`, ok: differing === 0,
      note: 'six streams of the emulator in three dialects; 334 random cuts for each of three line ends' }
  },
}

const json: fc.Arbitrary<unknown> = fc.jsonValue({ maxDepth: 5 })
const nearly = (dialect: Dialect): fc.Arbitrary<unknown> =>
  dialect.name === 'openai-responses'
    ? fc.record({
      model: json,
      input: fc.oneof(json,
        fc.array(
          fc.record({ type: fc.constantFrom('message', 'function_call', 'function_call_output', 'reasoning', 'x'),
            role: fc.constantFrom('user', 'assistant', 'system', 'x'), content: json, call_id: json, name: json,
            arguments: json, output: json }, { requiredKeys: [] }),
        )),
      tools: json,
      stream: json,
    }, { requiredKeys: [] })
    : fc.record({ model: json,
      messages: fc.oneof(json,
        fc.array(
          fc.record({ role: fc.constantFrom('user', 'assistant', 'system', 'tool', 'x'), content: json,
            tool_calls: json, tool_call_id: json }, { requiredKeys: [] }),
        )), tools: json, max_tokens: json, stream: json }, { requiredKeys: [] })

const g20: Figure = {
  id: 'G20',
  name: 'Fuzz: SSE scanner, request readers, record reader, account type',
  must: '60 s a property: 0 throws that are not ours',
  async run (_stage, { long }) {
    const eachMs = long ? 60_000 : 3_000
    const ours = (work: () => unknown) => {
      try {
        work()
        return true
      } catch (thrown) {
        return thrown instanceof GatewayError
      }
    }
    const config = readConfig({ STORE: 'memory' })
    const sse: fc.Arbitrary<unknown> = fc.array(
      fc.oneof(fc.string(), json.map(value => `data: ${JSON.stringify(value)}\n\n`),
        fc.constantFrom('data: [DONE]\n\n', 'event: error\n', ': x\n', '\r', '\n\n', 'data:')),
    ).map(parts => parts.join(''))
    const properties: Array<[string, fc.IProperty<[unknown]>]> = [
      ...dialects.map((
        dialect,
      ): [string, fc.IProperty<[unknown]>] => [`${dialect.name} stream`, fc.property(sse, text => {
        const { failure } = scan(cut(toBytes(text as string), [7, 1, 60]), dialect.createRepair(options(dialect)))
        return failure === null || failure instanceof GatewayError
      })]),
      ...dialects.map((
        dialect,
      ): [string, fc.IProperty<[unknown]>] => [`${dialect.name} request`, fc.property(nearly(dialect), body =>
        ours(() => {
          dialect.inspect(body as JsonObject)
          dialect.decodeRequest(body as JsonObject,
            createLedger({ strict: false, model: 'm', upstream: 'openai-chat' }))
        }))]
      ),
      ['record', fc.property<[unknown]>(fc.oneof(fc.string(), fc.json(), fc.string().map(text =>
        `cred:a:${text}`
      )), value => ours(() => readRecord(value as string, 'a')))],
      ['account type', fc.property<[unknown]>(fc.string({ unit: 'binary' }), value =>
        ours(() => readAccountType(value as string, config)))],
    ]
    const failures: string[] = []
    let runs = 0
    for (const [name, property] of properties) {
      const result = fc.check(property, { numRuns: 10_000_000, interruptAfterTimeLimit: eachMs,
        markInterruptAsFailure: false })
      runs += result.numRuns
      if (result.failed) {
        failures.push(
          `${name}: seed ${result.seed}, path ${result.counterexamplePath}: ${
            JSON.stringify(result.counterexample).slice(0, 200)
          }`,
        )
      }
      await new Promise(resolve => setImmediate(resolve))
    }
    return {
      measured: `${failures.length} of ${properties.length} properties failed in ${runs} cases`,
      ok: failures.length === 0,
      note: `${eachMs / 1_000} s a property${
        long ? '' : ' instead of 60'
      }; the translators have their own properties in test/dialects${
        failures.length === 0 ? '' : `; ${failures.join('; ')}`
      }`,
    }
  },
}

const g23: Figure = {
  id: 'G23',
  name: 'Router walk: every route × every method',
  must: 'API errors are JSON with that type; pages have the CSP',
  async run (stage) {
    const gateway = await stage.startGateway({ ADMIN_TOKEN: 'SoakSecretOfTheOperator123456' })
    const log = { debug () {}, info () {}, warn () {}, error () {} }
    const table = createGateway(readConfig({ STORE: 'memory', ADMIN_TOKEN: 'an-operator-token' }), {
      store: createMemoryStore(systemClock),
      send: async () => {
        throw new Error('not here')
      },
      clock: systemClock,
      log,
      fingerprint: () => '',
      version: '0',
      exposition: async () => ({ contentType: '', text: '' }),
    }).routes
    const paths = [...new Set([...table.map(({ path }) => path), '/', '/chat', '/nothing', '/:username/v1/nothing'])]
    const wrong: string[] = []
    let walked = 0
    for (const pattern of paths) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const path = pattern.replace(':username', 'nobody').replace(':id', 'gpt-4o')
        const response = await fetch(gateway.origin + path, { method, redirect: 'manual' })
        const text = await response.text()
        const type = response.headers.get('content-type') ?? ''
        const note = (what: string) => wrong.push(`${method} ${path} ${response.status}: ${what}`)
        walked++
        if (response.headers.get('x-request-id') === null
          || response.headers.get('x-content-type-options') !== 'nosniff') note('headers of every reply')
        if (type.startsWith('text/html')) {
          const policy = response.headers.get('content-security-policy') ?? ''
          for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
            if (!policy.includes(part)) note(part)
          }
        } else if (response.status >= 400 && method !== 'HEAD') {
          if (!type.startsWith('application/json')) note(`type ${type}`)
          try {
            JSON.parse(text)
          } catch {
            note('no JSON')
          }
        }
        if (response.status === 500) note('500') // This upstream has no device flow, so a 502 is correct there.
      }
    }
    await gateway.stop()
    return { measured: `${wrong.length} of ${walked} answers lack something`, ok: wrong.length === 0,
      ...(wrong.length === 0 ? {} : { note: wrong.slice(0, 5).join('; ') }) }
  },
}

export const propertyFigures: readonly Figure[] = [g8, g20, g23]
