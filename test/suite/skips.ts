// Cases that cannot pass on a kind of target, each by its name and with the reason. Five at most.
import type { Skips } from '../fixtures/cases.ts'
import type { TargetKind } from '../fixtures/targets.ts'

export const skips: Readonly<Record<TargetKind, Skips>> = {
  'node-memory': {},
  'node-sqlite': {},
  'node-sqlite-2': {
    'socket: a user may have 64 connections, and one that closes makes room':
      'connections use the memory of their own process, so each process has its own limit: docs/operations.md',
    'socket: its calls are in the usage of the user, and each message has a line in the log':
      'the other process writes its counts within four seconds, and shows those of this one after that',
  },
  'node-kv': {},
  workerd: {
    'chat: a client that leaves before the status, streaming or not, closes the upstream call too':
      "on a plain socket workerd reads nothing while it waits, so it cannot see a FIN; Cloudflare's edge reports it. "
      + 'It sees a RST at once: test/workers/disconnect.test.ts',
    'exchange: GitHub down, with a closed connection: one more try, then 502 upstream_error':
      'workerd by itself repeats a GET whose connection broke, so there is one more try than the case counts; it '
      + 'does not repeat a POST: test/workers/upstream.test.ts',
  },
}
