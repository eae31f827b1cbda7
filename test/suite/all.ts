// Every topic, in the order in which they run.
import type { Suite } from '../fixtures/cases.ts'
import type { TargetKind } from '../fixtures/targets.ts'
import { accountsSuite } from './accounts.ts'
import { autoSuite } from './auto.ts'
import { chatSuite } from './chat.ts'
import { codexSuite } from './codex.ts'
import { connectSuite } from './connect.ts'
import { conversationSuite } from './conversation.ts'
import { deviceFlowSuite } from './device-flow.ts'
import { directTokensSuite } from './direct-tokens.ts'
import { editorsSuite } from './editors.ts'
import { embeddingsSuite } from './embeddings.ts'
import { errorsSuite } from './errors.ts'
import { exchangeSuite } from './exchange.ts'
import { frontDoorSuite } from './front-door.ts'
import { geminiSuite } from './gemini.ts'
import { hostsSuite } from './hosts.ts'
import { initiatorSuite } from './initiator.ts'
import { keysSuite } from './keys.ts'
import { learningSuite } from './learning.ts'
import { modelsSuite } from './models.ts'
import { openApiSuite } from './openapi.ts'
import { operatorSuite } from './operator.ts'
import { orderSuite } from './order.ts'
import { paceSuite } from './pace.ts'
import { packedSuite } from './packed.ts'
import { pythonSuite } from './python.ts'
import { quirksSuite } from './quirks.ts'
import { reasoningSuite } from './reasoning.ts'
import { retriesSuite } from './retries.ts'
import { routesSuite } from './routes.ts'
import { searchSuite } from './search.ts'
import { seatsSuite } from './seats.ts'
import { sessionsSuite } from './sessions.ts'
import { signInSuite } from './sign-in.ts'
import { socketSuite } from './socket.ts'
import { upstreamSuite } from './upstream.ts'
import { usageSuite } from './usage.ts'
import { usageHistorySuite } from './usage-history.ts'
import { wireSuite } from './wire.ts'
import { witnessSuite } from './witness.ts'

const all = {
  accounts: accountsSuite,
  'sign-in': signInSuite,
  keys: keysSuite,
  seats: seatsSuite,
  sessions: sessionsSuite,
  operator: operatorSuite,
  'device-flow': deviceFlowSuite,
  'direct-tokens': directTokensSuite,
  'front-door': frontDoorSuite,
  hosts: hostsSuite,
  chat: chatSuite,
  codex: codexSuite,
  socket: socketSuite,
  models: modelsSuite,
  auto: autoSuite,
  editors: editorsSuite,
  embeddings: embeddingsSuite,
  gemini: geminiSuite,
  search: searchSuite,
  initiator: initiatorSuite,
  upstream: upstreamSuite,
  conversation: conversationSuite,
  learning: learningSuite,
  exchange: exchangeSuite,
  errors: errorsSuite,
  quirks: quirksSuite,
  reasoning: reasoningSuite,
  retries: retriesSuite,
  wire: wireSuite,
  pace: paceSuite,
  routes: routesSuite,
  connect: connectSuite,
  packed: packedSuite,
  order: orderSuite,
  usage: usageSuite,
  'usage-history': usageHistorySuite,
  openapi: openApiSuite,
  python: pythonSuite,
  witness: witnessSuite,
} as const satisfies Readonly<Record<string, Suite>>

export type Topic = keyof typeof all
export const topics = Object.keys(all) as Topic[]

/**
 * Topics that a store can affect: users and sign-in, lists of models, tokens, outages. Every other topic runs on one
 * store for each runtime.
 */
const storeTopics: readonly Topic[] = ['accounts', 'sign-in', 'keys', 'seats', 'sessions', 'operator', 'usage-history',
  'models', 'upstream', 'exchange', 'errors', 'routes']

export const topicsOf: Readonly<Record<TargetKind, readonly Topic[]>> = {
  'node-memory': topics,
  'node-sqlite': storeTopics,
  'node-sqlite-2': topics,
  'node-valkey': storeTopics,
  'node-valkey-2': topics,
  // Cloudflare limits the calls of an account, so this target counts the limits that spare the store.
  'node-kv': [...storeTopics, 'front-door'],
  workerd: topics,
  // What the objects of users can change.
  'workerd-objects': [...storeTopics, 'codex', 'socket', 'conversation', 'reasoning', 'pace', 'usage'],
}

/** @param part of `parts`, each for one file: one of them takes too long for its time limit */
export function suitesOf (kind: TargetKind, part = 0, parts = 1): Readonly<Record<string, Suite>> {
  const own = topicsOf[kind].filter((_, at) => at % parts === part)
  return Object.fromEntries(own.map(topic => [topic, all[topic]]))
}
