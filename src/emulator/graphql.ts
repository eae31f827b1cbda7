// POST /graphql on the API host, with the fields that clients query: the account of a token, and its Copilot hosts.
import { dotcom, githubToken } from './exchange.ts'
import { fields, text } from './json.ts'
import { json } from './reply.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest } from './types.ts'
import type { World } from './world.ts'

export function graphql (world: World, request: RecordedRequest): Reply {
  const seat = world.seats.find(githubToken(request))
  if (seat === undefined || seat.state === 'revoked') return dotcom(401, 'Bad credentials')
  const query = text(fields(request.json).query)
  if (!/\bviewer\b/.test(query)) {
    return json(200, { errors: [{ message: 'A query attribute must be specified and must be a string.' }] })
  }
  const api = seat.endpointsApi ?? `${world.origin}/plan/${seat.plan}`
  return json(200, { data: { viewer: { copilotEndpoints: { api }, login: seat.login } } })
}
