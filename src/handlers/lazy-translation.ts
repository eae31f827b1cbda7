// Prepares the translation of an answer on first use: a request that passed in its own dialect seldom needs it. Nothing
// large stays in memory while an answer streams: a body that can be parsed again is not kept.
import type { Core } from '../core.ts'
import type { EncodeOptions } from '../dialects/contract/dialect.ts'
import { createLedger } from '../dialects/contract/ledger.ts'
import type { Prompt } from '../dialects/contract/prompt.ts'
import type { ToolNames } from '../dialects/shared/tool-names.ts'
import type { JsonObject } from '../json.ts'
import { estimateInput } from '../relay/estimate-input.ts'
import type { Translation } from '../relay/translate.ts'
import { atOnce, inTurns, type Steps } from '../steps.ts'
import { accountOf, readApiBody, readApiBodyInTurns } from './api-body.ts'
import type { Destination } from './choose-destination.ts'
import { readPrompt } from './read-prompt.ts'
import type { Asked } from './read-request.ts'

export interface LazyTranslation {
  readonly now: () => Translation
  readonly inTurns: () => Promise<Translation>
}

export interface TranslationPlan
  extends Pick<EncodeOptions, 'model' | 'facts' | 'newId' | 'completed'>, Pick<Asked, 'call' | 'dialect' | 'length'>,
    Pick<Destination, 'upstream' | 'target' | 'requested'>, Pick<Translation, 'client' | 'stops' | 'answerTool'> {
  /** Null for a body that was passed on in its own dialect. */
  readonly prompt: Prompt | null
  readonly names:
    | ToolNames
    | null
  /** Tool names that a rule changed: from upstream's name to the client's. */
  readonly renamed: ReadonlyMap<string, string>
}

/** @param body null if `call.bytes` contains the same, or if nothing reads it */
export function createLazyTranslation (
  core: Pick<Core, 'reasoning' | 'clock'>,
  plan: TranslationPlan,
  body: JsonObject | null,
): LazyTranslation {
  let made: Translation | null = null
  let held = body
  const keep = (translation: Translation): Translation => {
    held = null
    return made = translation
  }
  return {
    now: () => made ?? keep(atOnce(translate(core, plan, held ?? readApiBody(plan.call)))),
    inTurns: async () =>
      made ?? keep(await inTurns(translate(core, plan, held ?? await readApiBodyInTurns(plan.call)))),
  }
}

function* translate (
  { reasoning, clock }: Pick<Core, 'reasoning' | 'clock'>,
  plan: TranslationPlan,
  body: JsonObject,
): Steps<Translation> {
  const { call, dialect, upstream, client, target, requested, facts, model, length, newId, completed } = plan
  // The prompt of a passed body only helps to shape the answer, so its losses are not reported.
  const ledger = createLedger({ strict: false, model: requested, upstream: upstream.name })
  const prompt = plan.prompt ?? (yield* readPrompt({ call, dialect, body }, reasoning, ledger))
  return {
    upstream,
    client,
    upstreamModel: target.id,
    names: plan.names === null ? ownNames(prompt, plan.renamed) : renamedBack(plan.names, plan.renamed),
    stops: plan.stops,
    answerTool: plan.answerTool ?? null,
    watch: reasoning.watcher(accountOf(call).owner),
    encode: { prompt, facts, model, inputEstimate: yield* estimateInput(length, prompt), now: clock.now, newId,
      completed },
  }
}

/** For a passed body: each tool keeps its name, except those that a rule renamed. */
function ownNames ({ tools }: Prompt, renamed: ReadonlyMap<string, string>): ToolNames {
  const known = new Map(tools.map(tool => [tool.name, tool]))
  const fromUpstream: ToolNames['fromUpstream'] = name => {
    const own = renamed.get(name) ?? name
    return known.get(own) ?? (own === name ? null : { name: own, namespace: null, kind: 'function', builtin: null })
  }
  return { toUpstream: tool => tool.name, fromUpstream }
}

function renamedBack (names: ToolNames, renamed: ReadonlyMap<string, string>): ToolNames {
  return renamed.size === 0 ? names : { ...names, fromUpstream: name => names.fromUpstream(renamed.get(name) ?? name) }
}
