// GET /admin/backup: a consistent copy of the store, for a store that is a file. Few at a time, because a copy takes as
// much room as the store, and by the cookie only for the operator's page: any page of another port can make a browser
// send the cookie.
import { assertOwnGet } from '../auth/same-origin.ts'
import type { Call, Flow, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { toDay } from '../days.ts'
import { GatewayError } from '../errors.ts'
import type { StoreCopy } from '../store/store.ts'
import { operatorDid } from './admin.ts'

const mostAtOnce = 3

export function downloadBackup ({ config, store, clock, audit, log }: Core): Handler {
  let underWay = 0
  return async call => {
    if (call.headers['authorization'] === undefined) assertOwnGet(call, config.publicOrigin)
    if (store?.copy === undefined) {
      throw new GatewayError('not_found',
        'Only an SQLite file can be downloaded. From another store, the command `migrate` copies users into one.')
    }
    if (underWay >= mostAtOnce) {
      throw new GatewayError('overloaded', 'Other backups are under way.', { retryAfterSeconds: 5 })
    }
    underWay++
    const copy = await store.copy().catch((thrown: unknown) => {
      underWay--
      throw new GatewayError('store_unavailable', 'The store could not be copied. Is the disk full?', { cause: thrown })
    })
    audit(operatorDid('admin-backup', call))
    const day = toDay(clock.now())
    return {
      status: 200,
      headers: {
        'content-type': 'application/vnd.sqlite3',
        'content-disposition': `attachment; filename="copilot-proxy-${day}.sqlite"`,
        'content-length': String(copy.bytes),
        'cache-control': 'no-store',
        // If reading breaks off, the connection ends, and the client sees that bytes are missing.
        'connection': 'close',
      },
      body: createCopyFlow(copy, call, err => {
        underWay--
        if (err !== null) log.error({ reqId: call.id, event: 'backup', err }, 'a backup broke off')
      }),
    }
  }
}

/** @param onEnd called once, with the error of the store if there was one */
function createCopyFlow (copy: StoreCopy, { signal }: Call, onEnd: (err: unknown) => void): Flow {
  let wake = () => {}
  signal.addEventListener('abort', () => {
    wake()
  }, { once: true })
  return {
    start (sink) {
      const send = async () => {
        for await (const piece of copy.read()) {
          if (signal.aborted) return
          if (!sink.write(piece)) {
            await new Promise<void>(resolve => {
              wake = resolve
            })
          }
        }
      }
      void send().then(() => null, (thrown: unknown) => thrown).then(async err => {
        sink.end()
        await copy.close()
        onEnd(err)
      })
    },
    resume () {
      wake()
    },
  }
}
