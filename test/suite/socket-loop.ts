// A loop as Codex runs it: instructions once, many tools with each request, and twenty calls of a tool with their
// outputs. Over HTTP each request also has the whole conversation. The sizes are those of Codex 0.171.
import { Agent, request } from 'node:http'
import type { Socket } from 'node:net'
import type { Json } from '../fixtures/http.ts'
import { openSocket } from '../fixtures/socket.ts'
import type { Target, User } from '../fixtures/targets.ts'

export interface Loop {
  /** What the client uploaded, in bytes on the wire. */
  readonly bytes: number
  /** The inputs that reached Copilot, without what is random. */
  readonly upstream: readonly unknown[]
}

const steps = 20
const model = 'gpt-5.1'
const random = randomWords(1)
const instructions = random(16_000)
const tools = Array.from({ length: 10 },
  (_, at) => ({ type: 'function', name: `tool_${at}`, strict: false, description: random(1_900),
    parameters: { type: 'object', properties: { command: { type: 'string' } } } }))
const outputs = Array.from({ length: steps }, () => random(8_000))
const opening = [{ role: 'developer', content: instructions }]
const question = [{ role: 'user', content: random(2_000) }]
const settings = { model, store: false, tools, include: ['reasoning.encrypted_content'], stream: true }

function script ({ emulator }: Target): void {
  for (let at = 0; at < steps; at++) {
    emulator.answers.push({ toolCalls: [{ id: `call_${at}`, name: 'tool_1', arguments: '{"command":"ls"}' }] })
  }
  emulator.answers.push({ text: 'Done.' })
}
const resultOf = (at: number) => ({ type: 'function_call_output', call_id: `call_${at}`, output: outputs[at] })

export async function loopOverHttp (target: Target, { base, password }: User): Promise<Loop> {
  script(target)
  const from = target.emulator.requests.length
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const sockets = new Set<Socket>()
  const ask = (input: unknown[]): Promise<Json> =>
    new Promise((resolve, reject) => {
      const asking = request(`${base}/responses`, { method: 'POST', agent,
        headers: { 'authorization': `Bearer ${password}`, 'content-type': 'application/json' } }, response => {
        let text = ''
        response.setEncoding('utf8').on('data', piece => {
          text += piece
        }).on('end', () => {
          const data = text.trim().split('\n').findLast(line => line.startsWith('data: '))?.slice(6)
          resolve(JSON.parse(data ?? text))
        })
      })
      asking.on('socket', socket => sockets.add(socket)).on('error', reject)
      asking.end(JSON.stringify({ ...settings, input }))
    })
  const input: unknown[] = [...opening, ...question]
  for (let at = 0; at <= steps; at++) {
    const { response } = await ask(input)
    input.push(...response.output, resultOf(at))
  }
  const bytes = [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0)
  agent.destroy()
  return { bytes, upstream: inputsSince(target, from) }
}

export async function loopOverSocket (target: Target, user: User): Promise<Loop> {
  script(target)
  const from = target.emulator.requests.length
  const client = await openSocket(user)
  let events = await client.create({ ...settings, input: opening, generate: false })
  for (let at = 0; at <= steps; at++) {
    const input = at === 0 ? question : [resultOf(at - 1)]
    events = await client.create({ ...settings, input, previous_response_id: events.at(-1)?.response.id })
  }
  const bytes = client.uploaded()
  client.close()
  return { bytes, upstream: inputsSince(target, from) }
}

function inputsSince ({ emulator }: Target, from: number): unknown[] {
  return emulator.requests.slice(from).filter(({ path }) => path === '/responses').map(({ json }) =>
    ((json as Json).input as Json[]).map(({ type, role, content, call_id: id, output }) => ({ type, role, content, id,
      output })
    )
  )
}

/** Text that compresses as prose does. */
function randomWords (seed: number): (length: number) => string {
  let state = seed
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  const words = Array.from({ length: 3_000 },
    () => Array.from({ length: 2 + next(9) }, () => String.fromCharCode(97 + next(26))).join(''))
  return length => {
    let text = ''
    while (text.length < length) text += `${words[next(words.length)] ?? ''} `
    return text.slice(0, length)
  }
}
