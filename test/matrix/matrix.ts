// Every model × every dialect × every task of agents, whole and streamed, without gaps. The emulated model answers
// freely. A cell holds if the vendor's SDK gets the requested result, or the right refusal from a model that cannot
// give it.
import type { Test } from 'tap'
import { endpointsOfModel, type ModelEntry } from '../../src/emulator/model-entry.ts'
import { parse, type Json } from '../fixtures/http.ts'
import { startTarget, type Target, type TargetKind, type User } from '../fixtures/targets.ts'
import { createClients } from '../golden/helpers/clients.ts'
import { addUser } from '../golden/helpers/frame.ts'
import { addModels } from '../golden/helpers/models.ts'
import { dialects, type Answer, type DialectName } from './dialects.ts'

const features = ['text', 'tools', 'parallel tools', 'image', 'reasoning round', 'json schema'] as const
type Feature = (typeof features)[number]

interface Cell {
  readonly model: ModelEntry
  readonly dialect: DialectName
  readonly feature: Feature
  readonly stream: boolean
  readonly name: string
}

/** Errors for models that upstream's policy or type excludes, as the client gets them. */
function refusalOf ({ id, capabilities: { type }, policy }: ModelEntry): RegExp | null {
  if (type === 'embeddings') {
    return new RegExp(`The model ${id} does not chat: it makes embeddings: call /v1/embeddings\\.`)
  }
  if (type === 'completion') return new RegExp(`The model ${id} does not chat: it completes code in editors only\\.`)
  return policy?.state === 'unconfigured' ? /Its terms are not accepted for this seat yet/ : null
}

export async function runMatrix (t: Test, kind: TargetKind): Promise<void> {
  const target = await startTarget(kind)
  addModels(target.emulator)
  const user = await addUser(target)
  const models = [...new Map(target.emulator.models.map(model => [model.id, model])).values()]
  const held: string[] = []

  for (const model of models) {
    void t.test(`${model.id} (${endpointsOfModel(model).join(', ') || 'no endpoint'})`, async t => {
      const cells = Object.keys(dialects).flatMap(dialect =>
        features.flatMap(feature =>
          [false, true].map((stream): Cell => ({ model, dialect: dialect as DialectName, feature, stream,
            name: `${dialect} ${feature}${stream ? ' (stream)' : ''}` })
          )
        )
      )
      const failures = await Promise.all(
        cells.map(cell => run(target, user, cell).catch((thrown: unknown) => String(thrown))),
      )
      cells.forEach((cell, at) => {
        if (t.equal(failures[at], null, cell.name)) held.push(`${model.id}\t${cell.dialect}`)
      })
      t.same(target.emulator.problems.splice(0), [], 'no forbidden call reached upstream')
    })
  }
  void t.test('all cells', async t => {
    const each = features.length * 2
    const names = Object.keys(dialects)
    const rows = models.map((
      { id },
    ) => [id, ...names.map(name => `${held.filter(cell => cell === `${id}\t${name}`).length}/${each}`)])
    t.comment(
      [['cells passed', ...names], ...rows].map(([id, ...counts]) =>
        `${id?.padEnd(24)}${counts.map(count => count.padStart(12)).join('')}`
      ).join('\n'),
    )
    t.equal(held.length, models.length * names.length * each)
    t.same(await target.close(), [], 'the store and the logs contain no secret')
  })
}

/** Null if the cell holds, otherwise the fault. */
async function run (target: Target, user: User, cell: Cell): Promise<string | null> {
  const { model, stream, feature } = cell
  const clients = createClients(user, stream)
  const dialect = dialects[cell.dialect](clients)
  /** In every prompt of the cell: distinguishes its requests from those of its neighbours. */
  const mark = `cell-${model.id}-${cell.name}`.replaceAll(/[^a-z0-9-]/gi, '_')
  const sent = () => target.emulator.requests.filter(request => request.body.includes(mark)).at(-1)?.body ?? ''
  const refusal = refusalOf(model)
  if (refusal !== null) {
    const thrown = await ask().then(() => null, (error: unknown) => error as Json)
    const failure: Json = thrown?.error?.error ?? thrown?.error
    return thrown?.status === 400 && refusal.test(failure?.message ?? '')
      ? null
      : `not refused correctly: ${String(thrown)}`
  }
  // If the format is only requested in text, the emulated model answers in prose, and OpenAI's SDK reports that.
  const first = await ask().catch((error: unknown) => {
    if (feature === 'json schema' && String(error).includes('invalid structured output JSON')) return null
    throw error
  })
  const lost = clients.last.headers.get('x-proxy-dropped') ?? ''
  if (feature === 'json schema') {
    if (typeof parse(first?.text ?? '')?.city === 'string') return null
    // A model without structured outputs gets the format as text, and the ledger records that.
    const isNamed = lost.includes('response_format') && /single valid JSON object[^]*city/.test(sent())
    return isNamed && model.capabilities.supports.structured_outputs !== true
      ? null
      : `no JSON: ${first?.text ?? ''} lost: ${lost}`
  }
  if (first === null) return 'no answer'
  switch (feature) {
    case 'text':
      return first.text.includes(`Hello from ${model.name}`) && first.text.includes(mark) && first.ended
        ? null
        : describe(first)
    case 'tools':
      return sameCalls(first, [['get_weather', { location: 'Rome' }]])
    case 'parallel tools':
      return sameCalls(first, [['get_weather', { location: 'Rome' }], ['read_file', { path: 'a/b.txt' }]])
    case 'image':
      return first.text.includes('I see 1 image') && first.text.includes('image/png') ? null : describe(first)
    case 'reasoning round': {
      const wrong = sameCalls(first, [['get_weather', { location: 'Rome' }]])
      const isOwed = /Anthropic|Google/.test(model.vendor)
        || clients.last.headers.get('x-copilot-upstream') === '/responses'
      if (wrong !== null) return wrong
      if (isOwed !== first.state) return isOwed ? 'no state came with the reasoning' : 'state came from nowhere'
      const second = await dialect.answer(model.id, prompt(), first, 'sunny')
      if (!second.text.includes('sunny') || second.calls.length > 0) return describe(second)
      const hasState = /"(?:encrypted_content|signature|reasoning_opaque)":"[^"]+"/.test(sent())
      return first.state && !hasState ? `the state of the reasoning did not come back: ${sent()}` : null
    }
  }

  function prompt (): string {
    return {
      text: `Hello. ${mark}`,
      tools: `call get_weather for "Rome" ${mark}`,
      'parallel tools': `call get_weather for "Rome" and read_file on "a/b.txt" ${mark}`,
      image: `what is on it? ${mark}`,
      'json schema': `where? ${mark}`,
      'reasoning round': `call get_weather for "Rome" ${mark}`,
    }[feature]
  }
  function ask (): Promise<Answer> {
    return dialect.ask(model.id, prompt(), { tools: feature.includes('tools') || feature === 'reasoning round',
      image: feature === 'image', schema: feature === 'json schema', reasoning: feature === 'reasoning round' })
  }
}

function sameCalls (answer: Answer, wanted: unknown[]): string | null {
  return JSON.stringify(answer.calls) === JSON.stringify(wanted) && answer.ended ? null : describe(answer)
}

function describe (answer: Answer): string {
  return JSON.stringify({ text: answer.text, calls: answer.calls, ended: answer.ended })
}
