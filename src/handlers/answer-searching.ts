// Answers a request whose model cannot search by itself: the model calls a function, the gateway searches and asks the
// model again, until it answers. The result looks like a response of upstream's in the client's dialect, so the rest of
// the gateway treats it as any other. `docs/spec/search.md#loop`.
import type { Core } from '../core.ts'
import type { ClientDialect, Usage } from '../dialects/contract/dialect.ts'
import type { Part } from '../dialects/contract/part.ts'
import { collectAnswer } from '../relay/collect.ts'
import { readWhole } from '../relay/read-whole.ts'
import { createPartReader, translateAnswer, type Translation } from '../relay/translate.ts'
import { createCiter } from '../search/cite.ts'
import { addUsage, lastPart, toTurns } from '../search/next-turn.ts'
import { createRound, goesOn, type RoundResult } from '../search/round.ts'
import { createRepeats } from '../upstream/copilot.ts'
import { answerFrom, streamFrom, type Feed } from './answer-from-parts.ts'
import { createAsk, isEventStream, readAnswer, type Answered, type AskPlanned } from './ask-copilot.ts'
import { createPlanner } from './generate-plan.ts'
import type { Asked } from './read-request.ts'
import { createDirectSearch } from './search-directly.ts'
import { createToolRunner } from './run-web-tools.ts'
import { createSearchWeb } from './search-web.ts'

/** The model is asked at most this often for one answer. */
const maxRounds = 10

/** @returns the way to ask Copilot for a request that offers a web tool */
export function createSearching (core: Core, client: ClientDialect): (asked: Asked, ask: AskPlanned) => AskPlanned {
  const makePlan = createPlanner(core, client)
  const askCopilot = createAsk(core)
  const searchWeb = createSearchWeb(core)
  const searchDirectly = createDirectSearch(searchWeb)
  const runTools = createToolRunner(searchWeb, core.clock)

  return (asked, ask) => async (plan, canAddHeaders) => {
    if (plan.searches === 'here') {
      const translation = await plan.translation.inTurns()
      const direct = searchDirectly(asked, plan, translation)
      if (direct !== null) return await direct
    }
    const answered = await ask(plan, canAddHeaders)
    return answered === null || answered.plan.searches !== 'here' ? answered : await loop(asked, answered)
  }

  async function loop (asked: Asked, first: Answered): Promise<Answered> {
    const translation = await first.plan.translation.inTurns()
    if (asked.facts.stream) {
      return streamFrom(first, translation, asked.call, (call, give, feed) =>
        run({ ...asked, call }, first, give, feed))
    }
    const parts: Part[] = []
    const usage = await run(asked, first, part => {
      parts.push(part)
    }, { attach: () => {}, signal: asked.call.signal })
    return answerFrom(first, translation, parts, usage)
  }

  /** @param give takes the parts of the answer, as if one model had made it @returns what all rounds cost */
  async function run (asked: Asked, first: Answered, give: (part: Part) => void, feed: Feed): Promise<Usage | null> {
    const { encode: { prompt } } = await first.plan.translation.inTurns()
    const tools = runTools(asked.call, prompt)
    const cite = createCiter(tools.hits)
    const send = (part: Part): void => {
      cite(part).forEach(give)
    }
    let answered: Answered | null = first
    let usage: Usage | null = null
    let turns = asked.searched?.turns ?? []
    let from = 0
    for (let nth = 1;; nth++) {
      const round = createRound({ names: prompt.webTools?.functions ?? new Map(), from, run: tools.run, give: send })
      await readParts(answered, round.push, feed)
      const result = await round.end()
      usage = addUsage(usage, result.usage)
      if (!goesOn(result) || nth === maxRounds) return finish(result, usage, send)
      turns = [...turns, ...toTurns(collectAnswer(result.parts).blocks, result)]
      from = result.nextBlock
      answered = await askAgain({ ...asked, searched: { turns, isOver: tools.isOver() || nth === maxRounds - 1 } })
      if (answered === null) return finish({ ...result, ending: { ...result.ending, reason: 'length' } }, usage, send)
    }
  }

  /** Nobody asked for this round: the agent goes on. Null if reasoning used up the output limit. */
  async function askAgain (asked: Asked): Promise<Answered | null> {
    const next: Asked = { ...asked, isVerbatim: false, facts: { ...asked.facts, initiator: 'agent' } }
    const plan = await makePlan(next)
    return await askCopilot(plan, { replan: better => makePlan(next, better), canAddHeaders: () => false,
      repeats: createRepeats() })
  }

  async function readParts ({ plan, response }: Answered, take: (part: Part) => void, feed: Feed): Promise<void> {
    const translation: Translation = await plan.translation.inTurns()
    if (isEventStream(response)) {
      feed.attach(response.body)
      return readWhole(response.body, createPartReader(translation, take), core.config.upstreamIdleSeconds * 1_000,
        core.clock, feed.signal)
    }
    const { answer } = plan.upstream.repairAnswer((await readAnswer(response)).answer, plan.answer)
    translateAnswer(answer, translation).parts.forEach(take)
  }
}

function finish ({ ending, needsClient }: RoundResult, usage: Usage | null, give: (part: Part) => void): Usage | null {
  if (usage !== null) give({ type: 'usage', usage })
  give(lastPart(ending, needsClient))
  return usage
}
