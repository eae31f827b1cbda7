// The loss ledger: the parts of a request that another dialect cannot carry. Users of translators complain most about
// silent loss. So every loss has a name, and `x-proxy-strict: 1` turns each one into an error.
import { GatewayError } from '../../errors.ts'

export interface Ledger {
  /**
   * Records a field that was left out or weakened, as a short token or dotted path.
   * @throws {GatewayError} in strict mode
   */
  readonly lose: (field: string) => void
  /** Refuses a request for something that the caller relies on and the gateway cannot provide. */
  readonly refuse: (field: string, what: string) => never
  readonly lost: () => readonly string[]
}

/** @param model and @param upstream appear in the message of a refusal */
export function createLedger (
  { strict, model, upstream }: { strict: boolean, model: string, upstream: string },
): Ledger {
  const lost = new Set<string>()
  /** Names as they were given: most losses repeat with every message. */
  const known = new Set<string>()
  const refuse = (field: string, what: string): never => {
    throw new GatewayError('unsupported_parameter', `${what} is not supported for model ${model} through ${upstream}`, {
      param: field,
    })
  }
  return {
    lose (field) {
      if (strict) refuse(field, `${field} (x-proxy-strict is on)`)
      if (known.has(field)) return
      known.add(field)
      lost.add(toToken(field))
    },
    refuse,
    lost: () => [...lost],
  }
}

/** Clients choose the names of fields, and a header lists these names. */
function toToken (field: string): string {
  return field.slice(0, 128).replaceAll(/[^\x21-\x2b\x2d-\x7e]/g, '_')
}
