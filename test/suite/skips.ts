// What cannot be so on a kind of target, each by its name and with the reason. Five at most.
import type { Skips } from '../fixtures/cases.ts'
import type { TargetKind } from '../fixtures/targets.ts'

export const skips: Readonly<Record<TargetKind, Skips>> = {
  'node-memory': {},
  'node-sqlite': {},
  'node-kv': {},
  workerd: {
    'chat: a client that leaves before the status, streaming or not, leaves upstream too':
      'on a plain socket workerd reads nothing while it waits, so it cannot see a FIN; Cloudflare\'s edge tells it. With a RST it is seen at once: test/workers/disconnect.test.ts',
    'exchange: GitHub down, with a closed connection: one more try, then 502 upstream_error':
      'workerd by itself repeats a GET whose connection broke, so there is one try more than counted; a POST it does not repeat: test/workers/upstream.test.ts',
  },
}
