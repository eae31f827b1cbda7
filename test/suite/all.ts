// Every topic, in the order in which they run.
import type { Suite } from '../fixtures/cases.ts'
import { accountsSuite } from './accounts.ts'
import { chatSuite } from './chat.ts'
import { deviceFlowSuite } from './device-flow.ts'
import { embeddingsSuite } from './embeddings.ts'
import { errorsSuite } from './errors.ts'
import { exchangeSuite } from './exchange.ts'
import { initiatorSuite } from './initiator.ts'
import { modelsSuite } from './models.ts'
import { openApiSuite } from './openapi.ts'
import { paceSuite } from './pace.ts'
import { pythonSuite } from './python.ts'
import { quirksSuite } from './quirks.ts'
import { routesSuite } from './routes.ts'
import { signInSuite } from './sign-in.ts'
import { upstreamSuite } from './upstream.ts'
import { usageSuite } from './usage.ts'
import { wireSuite } from './wire.ts'

export const suites: Readonly<Record<string, Suite>> = {
  accounts: accountsSuite,
  'sign-in': signInSuite,
  'device-flow': deviceFlowSuite,
  chat: chatSuite,
  models: modelsSuite,
  embeddings: embeddingsSuite,
  initiator: initiatorSuite,
  upstream: upstreamSuite,
  exchange: exchangeSuite,
  errors: errorsSuite,
  quirks: quirksSuite,
  wire: wireSuite,
  pace: paceSuite,
  routes: routesSuite,
  usage: usageSuite,
  openapi: openApiSuite,
  python: pythonSuite,
}
