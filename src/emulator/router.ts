// Maps hosts and paths to handlers.
import { copilotUser, githubUser } from './user.ts'
import { devicePage } from './device-page.ts'
import { dotcom, exchange } from './exchange.ts'
import { graphql } from './graphql.ts'
import { plain } from './reply.ts'
import { serveCopilot } from './capi.ts'
import type { DeviceFlow } from './device-flow.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest } from './types.ts'
import type { World } from './world.ts'

type Handler = (request: RecordedRequest) => Reply

export function createRouter (world: World, flow: DeviceFlow): Handler {
  const github: Record<string, Handler> = {
    'POST /login/device/code': flow.start,
    'POST /login/oauth/access_token': flow.poll,
    'GET /login/device': request => devicePage(flow, request),
    'POST /login/device': request => devicePage(flow, request),
  }
  const githubApi: Record<string, Handler> = {
    'GET /user': request => githubUser(world, request),
    'GET /copilot_internal/v2/token': request => exchange(world, request),
    'POST /graphql': request => graphql(world, request),
    'GET /copilot_internal/user': request => copilotUser(world, request),
  }

  return request => {
    const route = `${request.method} ${request.path}`
    switch (request.host) {
      case 'github':
        return github[route]?.(request) ?? plain(404, 'Not Found')
      case 'github-api':
        return githubApi[route]?.(request) ?? dotcom(404, 'Not Found')
      default:
        return serveCopilot(world, request)
    }
  }
}
