// Decides, before upstream is asked, how its answer reaches the client in the client's dialect.
import type { Core } from '../core.ts'
import type { AnswerOptions, ClientDialect } from '../dialects/contract/dialect.ts'
import type { JsonObject } from '../json.ts'
import { smallBytes } from '../next-turn.ts'
import { createNameRestorer, type NameRestorer } from '../relay/restore-names.ts'
import { assertFewStops } from '../relay/stop-cutter.ts'
import { accountOf } from './api-body.ts'
import type { Destination } from './choose-destination.ts'
import type { Fitted } from './fit-body.ts'
import { createLazyTranslation, type LazyTranslation } from './lazy-translation.ts'

export interface AnswerPlan {
  readonly client: ClientDialect
  /** True if the answer is decoded and encoded. Otherwise it is only repaired. */
  readonly isTranslated: boolean
  readonly answer: AnswerOptions
  readonly translation: LazyTranslation
  /** For a passed body with tools that a rule renamed. A translation restores the names by itself. */
  readonly restore:
    | NameRestorer
    | null
  /** Keeps the answer for later references. Null if no request can refer to it. */
  readonly remember: ((answer: JsonObject) => void) | null
}

export const newId = () => crypto.randomUUID().replaceAll('-', '')

/** @throws {GatewayError} `unsupported_parameter` */
export function createAnswerPlanner (
  core: Pick<Core, 'clock' | 'responses' | 'reasoning' | 'origins'>,
  client: ClientDialect,
): (fitted: Fitted, destination: Destination) => AnswerPlan | Promise<AnswerPlan> {
  const { clock, responses, reasoning, origins } = core

  return (fitted, destination) => {
    const { asked: { call, body, length, facts }, applied } = fitted
    const { upstream, target } = destination
    const isTranslated = upstream !== client || !destination.isPassed || applied.stops.length > 0
      || applied.answerTool !== null
    const { owner } = accountOf(call)
    const remember = client.rememberResponse?.(body, length, responses(owner)) ?? null
    const translation = translationOf(fitted, destination, isTranslated, remember)
    // If the gateway has to collect a stream, check before asking upstream that the answer can be collected.
    const isCollected = target.stream && !facts.stream
    const isLong = length > smallBytes && (isTranslated || isCollected)
    if (isCollected && !isLong) translation.now()
    const plan = {
      client,
      isTranslated,
      answer: { facts, model: target.id, now: clock.now, newId,
        ...isTranslated ? {} : rememberingOptions(owner, target.id, remember) },
      translation,
      restore: isTranslated ? null : createNameRestorer(applied.names, upstream),
      remember,
    }
    return isLong ? translation.inTurns().then(() => plan) : plan
  }

  function translationOf (
    { asked, prompt, names, applied }: Fitted,
    { upstream, target, requested }: Destination,
    isTranslated: boolean,
    remember: AnswerPlan['remember'],
  ): LazyTranslation {
    const { call, dialect, length, facts } = asked
    const stops = upstream.nativeStops ? applied.stops : prompt?.stop ?? applied.stops
    assertFewStops(stops, dialect.stopField)
    const isNeeded = prompt === null && (isTranslated || !asked.isVerbatim || (target.stream && !facts.stream))
    return createLazyTranslation(core, {
      call,
      dialect,
      length,
      facts,
      upstream,
      client,
      target,
      requested,
      stops,
      answerTool: applied.answerTool,
      prompt,
      names,
      renamed: applied.names,
      model: isTranslated ? requested : target.id,
      newId,
      completed: remember ?? undefined,
    }, isNeeded ? asked.body : null)
  }

  /** Remembers an answer that is only repaired. A translation remembers its parts itself. */
  function rememberingOptions (
    owner: string,
    model: string,
    remember: AnswerPlan['remember'],
  ): Pick<AnswerOptions, 'remember' | 'rememberState' | 'completed'> {
    return {
      remember (callId, carrier) {
        if (carrier === null) reasoning.noteEmpty(owner, callId)
        else reasoning.keep(owner, callId, [carrier])
      },
      rememberState (state) {
        origins.note(owner, state, model)
      },
      completed: remember ?? undefined,
    }
  }
}
