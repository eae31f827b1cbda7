// "Test my connection": follows one request from the page to Copilot and back. A step that fails says what to do.
import { ask } from '../lib/api.js'
import { plural } from '../lib/format.js'
import { isForChat } from '../connect/models.js'
/** @import { Model, Session } from '../types.d.ts' */

/**
 * @typedef {'proxy' | 'session' | 'token' | 'seat' | 'host' | 'models' | 'answer'} Step
 * @typedef {{ state: 'run' | 'pass' | 'fail' | 'skip', detail?: string, ms?: number | undefined }} StepResult
 */

/** @type {readonly (readonly [Step, string])[]} */
export const steps = [['proxy', 'This proxy and its store'], ['session', 'Your session'], ['token', 'GitHub token'], [
  'seat',
  'Copilot seat',
], ['host', 'Copilot’s host'], ['models', 'Models'], ['answer', 'A short answer']]

/**
 * @param {Session} session
 * @param {(id: Step, result: StepResult) => void} onStep
 * @returns {Promise<boolean>} whether every step passed
 */
export async function runCheck (session, onStep) {
  /**
   * @template Answer
   * @param {() => Promise<Answer>} call
   */
  const timed = async call => {
    const startedAt = window.performance.now()
    const answer = await call()
    return { answer, ms: Math.round(window.performance.now() - startedAt) }
  }
  /** @type {Set<Step>} */
  const done = new Set()
  /** @type {(id: Step, detail: string, ms?: number) => void} */
  const pass = (id, detail, ms) => {
    done.add(id)
    onStep(id, { state: 'pass', detail, ms })
  }
  /** @type {(id: Step, detail: string, ms?: number) => false} */
  const fail = (id, detail, ms) => {
    done.add(id)
    onStep(id, { state: 'fail', detail, ms })
    for (const [other] of steps) if (!done.has(other)) onStep(other, { state: 'skip' })
    return false
  }

  onStep('proxy', { state: 'run' })
  const { answer: ready, ms: readyMs } = await timed(() => ask('/readyz'))
  if (!ready.ok) return fail('proxy', ready.status === 0 ? ready.message : storeRemedy(ready.state), readyMs)
  pass('proxy', `Ready, store: ${ready.data.store}`, readyMs)

  onStep('session', { state: 'run' })
  const { answer: usage, ms: usageMs } = await timed(() => ask('/usage', { session }))
  if (usage.status === 401) {
    return fail('session', 'The session has ended. Sign in, and run the test again.', usageMs)
  }
  if (usage.status === 429) {
    return fail('session', 'Too many wrong passwords came from your address. Wait a minute and run the test again.',
      usageMs)
  }
  if (usage.status === 0 || usage.state === 'store_unavailable') return fail('session', usage.message, usageMs)
  pass('session', 'Accepted', usageMs)
  if (usage.state === 'github_token_rejected') return fail('token', `${usage.message} Use “Link GitHub again” below.`)
  if (!usage.ok) {
    return fail('token',
      `${usage.message} GitHub may be down (githubstatus.com), or this machine cannot reach api.github.com.`)
  }
  const { login, plan, sku } = usage.data
  pass('token', login === null ? 'Valid' : `Valid, of ${login}`)

  onStep('seat', { state: 'run' })
  const { answer: models, ms: modelsMs } = await timed(() => ask('/models', { session }))
  if (models.ok && models.data.data.length === 0) {
    return fail('seat',
      'GitHub gives this account no Copilot token: there is no seat, or a policy forbids it. See '
        + 'github.com/settings/copilot, or link another account.', modelsMs)
  }
  if (models.state === 'github_token_rejected') return fail('seat', models.message, modelsMs)
  pass('seat', [plan, sku].filter(Boolean).join(' · ') || 'Found')

  if (!models.ok) {
    return fail('host', `${models.message} A firewall may be in between: this proxy must reach *.githubcopilot.com.`,
      modelsMs)
  }
  pass('host', 'Reached', modelsMs)
  const usable = models.data.data.filter(isForChat)
  if (usable.length === 0) {
    return fail('models',
      'This seat has models, but no chat model is enabled. Enable some at github.com/settings/copilot, or ask your '
        + 'organisation.')
  }
  pass('models',
    `${plural(models.data.data.length, 'model')}, ${usable.filter(({ free }) => free).length} of them free`)

  const model = pickFree(usable)
  if (model === undefined) {
    onStep('answer', { state: 'skip', detail: 'Left out: no model of this seat is free.' })
    return true
  }
  onStep('answer', { state: 'run', detail: `Asking ${model.id}…` })
  const body = { model: model.id, messages: [{ role: 'user', content: 'Reply with the single word: ready' }] }
  const { answer: chat, ms } = await timed(() => ask('/chat/completions', { session, method: 'POST', body }))
  if (!chat.ok) return fail('answer', `${model.id}: ${sentence(chat.message)}${chatRemedy(chat.status)}`, ms)
  const text = chat.data.choices?.[0]?.message?.content
  if (typeof text !== 'string' || text.trim() === '') {
    return fail('answer', `${model.id} sent an empty answer. Try again, or try another model in the chat.`, ms)
  }
  pass('answer',
    `${model.id} answered: “${text.trim().replace(/\s+/g, ' ').slice(0, 60)}${text.trim().length > 60 ? '…' : ''}”`, ms)
  return true
}

/**
 * A free model, if possible one that does not reason for long. Copilot refuses an Auto seat every model that its picker
 * hides.
 * @param {readonly Model[]} models
 */
function pickFree (models) {
  const free = models.filter(model => model.free && model.model_picker_enabled !== false)
  return free.find(({ id }) => !/^(?:gpt-5|o\d|oswe)/.test(id)) ?? free[0]
}

/** @param {string} state */
function storeRemedy (state) {
  if (state === 'kv-missing') {
    return 'The store is not configured. Set CF_API_TOKEN, CF_ACCOUNT_ID and CF_KV_NAMESPACE_ID, or STORE=sqlite.'
  }
  if (state === 'draining') return 'The proxy is restarting. Run the test again in a moment.'
  return 'The store does not answer. The proxy’s log says why; with Cloudflare KV, check the API token and '
    + 'cloudflarestatus.com.'
}

/** @param {string} text */
function sentence (text) {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** @param {number} status */
function chatRemedy (status) {
  if (status === 402) return ' The seat’s quota is used up; see Usage.'
  if (status === 429) return ' Copilot asks for a pause. Wait a little.'
  return status >= 500 ? ' Try again; if it fails again, see githubstatus.com.' : ''
}
