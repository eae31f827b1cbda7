// The type of a rule. A rule is data: the refusal or requirement of Copilot, the models, the change to the body, the
// loss, and the source of the knowledge. Only `apply.ts` reads rules at run time; `render.ts` writes the table.
import type { Target } from '../dialects/contract/dialect.ts'
import type { JsonObject } from '../json.ts'
import { atOnce, isSteps, type MaybeSteps } from '../steps.ts'

/** Each endpoint has its own table. */
export type Endpoint = '/chat/completions' | '/responses' | '/v1/messages'

export interface Rule {
  /** Unique over all tables. */
  readonly id: string
  /** One sentence for the document: what Copilot refuses, and what the gateway sends instead. */
  readonly what: string
  /** The models in words for a reader; `applies` is the same as a predicate. */
  readonly models: string
  readonly applies: (target: Target) => boolean
  readonly fix:
    | 'drop'
    | 'clamp'
    | 'rewrite'
    | 'refuse'
  /**
   * `small` and `yes` add the field to `x-proxy-dropped`, and refuse the request if the client sends `x-proxy-strict:
   * 1`.
   */
  readonly loses: 'no' | 'small' | 'yes'
  readonly source: Source
  /**
   * `learned` rules are off until one of their `LearnedKey`s turns them on. `once`: only for the repetition after a
   * refusal, since what they leave out may be good in the next request.
   */
  readonly when:
    | 'always'
    | 'learned'
    | 'once'
  /**
   * Messages of a refusal that this rule answers, with any index. A group named `value` becomes the argument of the
   * learned key: the field, tool or header value that the refusal names.
   */
  readonly answers?: readonly RegExp[]
  /** The fields of the body that the rule looks into. It is skipped for a body with none of them. Default: it runs. */
  readonly fields?: readonly string[]
  /** Returns the same body if it breaks no rule, otherwise a changed copy. It never changes its argument. */
  readonly apply: (body: JsonObject, context: RuleContext) => JsonObject
  /** The same in steps, for a rule that takes long on a large body. */
  readonly applyInSteps?: (body: JsonObject, context: RuleContext) => MaybeSteps<JsonObject>
}

/** Gives a rule's `apply` in both forms. */
export function inSteps (
  fit: (body: JsonObject, context: RuleContext) => MaybeSteps<JsonObject>,
): Pick<Rule, 'apply' | 'applyInSteps'> {
  return {
    apply: (body, context) => {
      const fitted = fit(body, context)
      return isSteps(fitted) ? atOnce(fitted) : fitted
    },
    applyInSteps: fit,
  }
}

export interface Source {
  /**
   * `live`: a recorded answer of Copilot. `read`: GitHub's own client or documents. `guess`: known from another host.
   */
  readonly mark: 'live' | 'read' | 'guess'
  readonly reference: string
}

/** `id`, or `id=value` for a rule whose refusal names a value. */
export type LearnedKey = string

export interface RuleContext {
  readonly target: Target
  /** Records a loss under the field's name. @throws {GatewayError} in strict mode */
  readonly lose: (field: string) => void
  /** Refuses a body that cannot be changed to satisfy the rule. @throws {GatewayError} */
  readonly refuse: (field: string, what: string) => never
  /** The values learned for the current rule. */
  readonly values: readonly string[]
  /** Records a changed tool name: upstream's name and the client's. */
  readonly rename: (upstream: string, client: string) => void
  /** The client gets this tool's arguments as the answer's text. */
  readonly answerWith: (tool: string) => void
  /** Adds a stop sequence that the gateway must watch for itself. */
  readonly watchStop: (stop: string) => void
}
