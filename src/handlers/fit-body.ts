// Makes the body for upstream: passes it on in its own dialect or translates it, then applies the rules of the
// endpoint.
import type { Core } from '../core.ts'
import type { Ledger } from '../dialects/contract/ledger.ts'
import type { Prompt } from '../dialects/contract/prompt.ts'
import { toolNamesInSteps, type ToolNames } from '../dialects/shared/tool-names.ts'
import type { JsonObject } from '../json.ts'
import { applyRulesInSteps, type Applied } from '../rules/apply.ts'
import { notSearched } from '../search/offer.ts'
import { isSteps, type Steps } from '../steps.ts'
import { accountOf } from './api-body.ts'
import type { Destination } from './choose-destination.ts'
import { readPrompt } from './read-prompt.ts'
import type { Asked } from './read-request.ts'

/** A body in upstream's dialect. `prompt` and `names` are null unless it was translated. */
interface Encoded {
  readonly body: JsonObject
  readonly prompt: Prompt | null
  readonly names: ToolNames | null
}

export interface Fitted extends Omit<Encoded, 'body'> {
  /** The request, with the reasoning that upstream accepts back. */
  readonly asked: Asked
  /** Its `body` is the one to send. */
  readonly applied: Applied
}

type Fit = (asked: Asked, destination: Destination, ledger: Ledger) => Steps<Fitted>

/** @throws {GatewayError} `invalid_request`, `unsupported_parameter` */
export function createFitter ({ reasoning, origins }: Pick<Core, 'reasoning' | 'origins'>): Fit {
  return function* fit (given, destination, ledger) {
    const { upstream, target, isPassed, learned } = destination
    const asked = yield* recall(given, destination, ledger)
    const { body, prompt, names } = isPassed
      ? yield* pass(asked, destination, ledger)
      : yield* translate(asked, destination, ledger)
    const applied = applyRulesInSteps(upstream.path, body, target, ledger, { learned })
    return { asked, prompt, names, applied: isSteps(applied) ? yield* applied : applied }
  }

  /** Restores earlier reasoning. Returns the same object if nothing changes. */
  function* recall (asked: Asked, { upstream, target }: Destination, ledger: Ledger): Steps<Asked> {
    const { call, dialect } = asked
    if (upstream !== dialect || upstream.recallReasoning === undefined) return asked
    const { owner } = accountOf(call)
    const recalled = upstream.recallReasoning(asked.body, target.id, {
      carriers: callId => reasoning.known(owner, callId),
      makerOf: state => origins.makerOf(owner, state),
    }, ledger)
    const body = isSteps(recalled) ? yield* recalled : recalled
    return body === asked.body ? asked : { ...asked, body, isVerbatim: false }
  }

  function* pass ({ body }: Asked, { target, upstream }: Destination, ledger: Ledger): Steps<Encoded> {
    return { body: (yield* upstream.prepareInSteps(body, target, ledger)) ?? body, prompt: null, names: null }
  }

  function* translate (asked: Asked, { upstream, target, searches }: Destination, ledger: Ledger): Steps<Encoded> {
    const prompt = yield* readPrompt(searches === 'here' ? { searched: notSearched, ...asked } : asked, reasoning,
      ledger)
    const names = yield* toolNamesInSteps(prompt, upstream.maxToolNameLength)
    yield
    return { body: yield* upstream.encodeInSteps(prompt, target, ledger, names), prompt, names }
  }
}
