// Every topic, in the order in which they run.
import type { Suite } from '../fixtures/cases.ts'
import { accountsSuite } from './accounts.ts'
import { chatSuite } from './chat.ts'
import { deviceFlowSuite } from './device-flow.ts'
import { embeddingsSuite } from './embeddings.ts'
import { initiatorSuite } from './initiator.ts'
import { modelsSuite } from './models.ts'
import { signInSuite } from './sign-in.ts'

export const suites: Readonly<Record<string, Suite>> = {
  accounts: accountsSuite,
  'sign-in': signInSuite,
  'device-flow': deviceFlowSuite,
  chat: chatSuite,
  models: modelsSuite,
  embeddings: embeddingsSuite,
  initiator: initiatorSuite,
}
