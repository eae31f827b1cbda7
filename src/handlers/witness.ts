// GET and POST /v1/witness: sends a bounded list of small questions to this user's seat and compares the answers with
// the spec. GET lists the questions. Any user can attach the report to an issue: it contains only names and types.
import type { Call, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { parseObject, readExcerpt } from '../upstream/read-body.ts'
import type { Observation, Question, Request } from '../witness/question.ts'
import { questions, seatPath } from '../witness/questions.ts'
import { runWitness } from '../witness/run.ts'
import { accountOf, readApiBody, seatRequest } from './api-body.ts'
import { assertNoKey } from './key-rights.ts'
import { json } from './reply.ts'

/** The list of models is the largest answer; all others are far smaller. */
const maxBytes = 4 * 1_048_576
const answerMs = 60_000

export const listQuestions: Handler = async () =>
  json(200, { object: 'list', data: questions.map(({ id, asks, cost }) => ({ id, asks, cost })) })

export function witness (core: Core): Handler {
  const { config, models, userGate, version, clock } = core
  return async call => {
    assertNoKey(accountOf(call))
    const asked = choose(call.bytes.length === 0 ? {} : readApiBody(call))
    const leave = await userGate.enter(accountOf(call).username, call.signal)
    try {
      const { models: entries } = await models.list(seatRequest(call, config))
      return json(200, await runWitness(asked, { models: entries, version, now: clock.now, send: request =>
        send(call, request) }))
    } finally {
      leave()
    }
  }

  async function send (call: Call, { method, path, body }: Request): Promise<Observation> {
    if (path === seatPath) return seatAnswer(await core.github.seat(accountOf(call), call.signal))
    const response = await core.copilot({
      ...seatRequest(call, config),
      method,
      path,
      body: body === null ? null : JSON.stringify(body),
      intent: method === 'GET' ? 'model-access' : 'conversation-panel',
      initiator: method === 'GET' ? null : 'user',
      vision: false,
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(answerMs)]),
      headersMs: answerMs,
    })
    const text = await readExcerpt(response, maxBytes)
    const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true
    return { status: response.status, headers: response.headers as Observation['headers'], text,
      json: parseObject(text), events: isStream ? eventsOf(text) : null }
  }
}

/** @throws {GatewayError} `invalid_request` for an unknown question */
function choose (body: JsonObject): readonly Question[] {
  const only = body['only'] ?? null
  if (only === null) return questions
  const isList = Array.isArray(only) && only.length > 0
    && only.every(id => questions.some(question => question.id === id))
  if (!isList) {
    throw new GatewayError('invalid_request', `\`only\` must be an array of these: ${
      questions.map(({ id }) => id).join(', ')
    }.`, { param: 'only' })
  }
  return questions.filter(({ id }) => only.includes(id))
}

/** Status 403 for a kind of token to which GitHub shows no seat. */
function seatAnswer (seat: JsonObject | null): Observation {
  return { status: seat === null ? 403 : 200, headers: {}, text: '', json: seat, events: null }
}

function eventsOf (text: string): JsonObject[] {
  return text.split(/\r?\n/).filter(line => line.startsWith('data:')).map(line => parseObject(line.slice(5))).filter(
    isObject,
  )
}
