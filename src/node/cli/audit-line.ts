// The audit line of a command that works on the store without a gateway: on standard error, as the server would log it.
import { createAudit, type OperatorAction } from '../../audit.ts'
import { noMeter } from '../../meter.ts'
import { createLog } from '../log.ts'
import { plain, type Io } from './io.ts'

/** The command runs on this machine, as the gateway does that other commands start. */
const address = '127.0.0.1'

/** @param user as typed: it may be no name that a user can have */
export function auditCommand ({ err }: Io, action: OperatorAction, user?: string): void {
  const log = createLog('info', { write: line => {
    err(line.trimEnd())
  } })
  createAudit(log, noMeter)({ action, outcome: 'done', user: user === undefined ? undefined : plain(user), address,
    reqId: undefined })
}
