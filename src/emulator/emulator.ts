// GitHub and GitHub Copilot for the demo and for tests: one server on loopback that serves all hosts, each under its
// own path. `docs/spec/copilot.md#emulator` lists what it emulates. Tests against it show nothing about other behaviour
// of Copilot.
import { createDeviceFlow } from './device-flow.ts'
import { createEmulatorServer } from './server.ts'
import { createFaults } from './faults.ts'
import { findMissing } from './leaks.ts'
import { createWorld } from './world.ts'
import { plainWire } from './sse-writer.ts'
import { countExchange } from './exchange.ts'
import { createRouter } from './router.ts'
import type { AddressInfo } from 'node:net'
import type { Emulator, EmulatorOptions } from './interface.ts'
import type { RecordedRequest } from './types.ts'

export type * from './interface.ts'
export type * from './types.ts'
export { knownErrors } from './known-errors.ts'
export { models } from './model-list.ts'
export { strictByDefault } from './strictness.ts'
export type { Fault, FaultMatch, StreamError } from './faults.ts'
export type { ModelEntry } from './model-entry.ts'
export type { Script, ScriptedCall, ScriptedUsage } from './script.ts'
export type { Strictness } from './strictness.ts'
export type { Wire } from './sse-writer.ts'

export async function startEmulator (options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, pendingPolls = 2, deviceInterval = 5, chunkDelayMs = 0, onProblem } = options
  const world = createWorld(options)
  const flow = createDeviceFlow(world, { interval: deviceInterval, pendingPolls })
  const faults = createFaults()
  const requests: RecordedRequest[] = []
  const problems: string[] = []
  const wire = { ...plainWire }
  const problem = (message: string): void => {
    problems.push(message)
    onProblem?.(message)
  }
  const arrived = (request: RecordedRequest): void => {
    countExchange(world, request)
    if (world.strict.identity) findMissing(request).forEach(problem)
  }
  const server = createEmulatorServer({ now: world.now, faults, wire, delayMs: () => emulator.chunkDelayMs,
    origin: () => world.origin, requests, problem, arrived, serve: createRouter(world, flow) })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  world.origin = origin
  const urls = { githubUrl: `${origin}/github`, githubApiUrl: `${origin}/github-api`, copilotUrl: `${origin}/copilot`,
    accountUrl: `${origin}/account/{account}` }

  const emulator: Emulator = {
    origin,
    ...urls,
    requests,
    problems,
    wire,
    chunkDelayMs,
    env: { GITHUB_BASE_URL: urls.githubUrl, GITHUB_API_BASE_URL: urls.githubApiUrl,
      COPILOT_API_BASE_URL: urls.copilotUrl, COPILOT_ACCOUNT_API_BASE_URL: urls.accountUrl },
    strict: world.strict,
    answers: world.answers,
    models: world.models,
    addSeat: world.seats.add,
    seat: world.seats.find,
    approve: flow.approve,
    deny: flow.deny,
    fault: (match, fault, times = 1) => faults.add(match, fault, times),
    clearFaults: faults.clear,
    expireTokens: world.seats.expireAll,
    expireAutoSessions: world.auto.expireAll,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return emulator
}
