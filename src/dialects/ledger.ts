// The loss ledger: what of a request could not be carried into another dialect. Silent loss is what users of translators
// complain of most, so every loss has a name, and `x-proxy-strict: 1` makes each one an error.
import { GatewayError } from '../errors.ts'

export interface Ledger {
  /** Notes a field that was left out or weakened, as a short token or dotted path. @throws {GatewayError} in strict mode */
  readonly lose: (field: string) => void
  /** For what the caller relies on and cannot be had. */
  readonly refuse: (field: string, what: string) => never
  readonly lost: () => readonly string[]
}

/** @param model and @param upstream for the message of a refusal */
export function createLedger ({ strict, model, upstream }: { strict: boolean, model: string, upstream: string }): Ledger {
  const lost = new Set<string>()
  const refuse = (field: string, what: string): never => {
    throw new GatewayError('unsupported_parameter', `${what} is not supported for model ${model} through ${upstream}`, { param: field })
  }
  return {
    lose (field) {
      if (strict) refuse(field, `${field} (x-proxy-strict is on)`)
      lost.add(toToken(field))
    },
    refuse,
    lost: () => [...lost],
  }
}

/** Names of fields are the client's to choose, and these end up in a header, as a list. */
function toToken (field: string): string {
  return field.slice(0, 128).replaceAll(/[^\x21-\x2b\x2d-\x7e]/g, '_')
}
