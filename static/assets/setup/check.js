// "Test my connection": follows one request from the page to Copilot and back. A step that fails says what to do.
import { ask } from '../lib/api.js'
import { explain } from '../lib/causes.js'
import { t } from '../lib/text.js'
import { isForChat } from '../connect/models.js'
/** @import { Model, Session } from '../types.d.ts' */

/**
 * @typedef {'proxy' | 'session' | 'token' | 'seat' | 'host' | 'models' | 'answer'} Step
 * @typedef {{ state: 'run' | 'pass' | 'fail' | 'skip', detail?: string, ms?: number | undefined }} StepResult
 */

/** For the model, so in no other language. */
const question = 'Reply with the single word: ready'

/** @type {readonly (readonly [Step, string])[]} */
export const steps = [['proxy', t('setup.check.proxy')], ['session', t('setup.check.session')], ['token',
  t('setup.check.token')], ['seat', t('setup.check.seat')], ['host', t('setup.check.host')], ['models',
  t('setup.check.models')], ['answer', t('setup.check.answer')]]

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
  if (!ready.ok) return fail('proxy', ready.status === 0 ? explain(ready) : storeRemedy(ready.state), readyMs)
  pass('proxy', t('setup.check.ready', { store: ready.data.store ?? '' }), readyMs)

  onStep('session', { state: 'run' })
  const { answer: usage, ms: usageMs } = await timed(() => ask('/usage', { session }))
  if (usage.status === 401) {
    return fail('session', t('setup.check.ended'), usageMs)
  }
  if (usage.status === 429) {
    return fail('session', t('setup.check.limited'), usageMs)
  }
  if (usage.status === 0 || usage.state === 'store_unavailable') return fail('session', explain(usage), usageMs)
  pass('session', t('setup.check.accepted'), usageMs)
  if (usage.state === 'github_token_rejected') return fail('token', `${explain(usage)} ${t('setup.check.relink')}`)
  if (!usage.ok) {
    return fail('token', `${explain(usage)} ${t('setup.check.firewall', { host: 'api.github.com' })}`)
  }
  const { login, plan, sku } = usage.data
  pass('token', login === null ? t('setup.check.valid') : t('setup.check.valid-of', { login }))

  onStep('seat', { state: 'run' })
  const { answer: models, ms: modelsMs } = await timed(() => ask('/models', { session }))
  if (models.ok && models.data.data.length === 0) {
    return fail('seat', t('setup.check.no-seat'), modelsMs)
  }
  if (models.state === 'github_token_rejected') return fail('seat', explain(models), modelsMs)
  pass('seat', [plan, sku].filter(Boolean).join(' · ') || t('setup.check.found'))

  if (!models.ok) {
    return fail('host', `${explain(models)} ${t('setup.check.firewall', { host: '*.githubcopilot.com' })}`, modelsMs)
  }
  pass('host', t('setup.check.reached'), modelsMs)
  const usable = models.data.data.filter(isForChat)
  if (usable.length === 0) {
    return fail('models', t('setup.check.no-model'))
  }
  pass('models',
    t('setup.check.count', { count: models.data.data.length, free: usable.filter(({ free }) => free).length }))

  const model = pickFree(usable)
  if (model === undefined) {
    onStep('answer', { state: 'skip', detail: t('setup.check.none-free') })
    return true
  }
  onStep('answer', { state: 'run', detail: t('setup.check.asking', { model: model.id }) })
  const body = { model: model.id, messages: [{ role: 'user', content: question }] }
  const { answer: chat, ms } = await timed(() => ask('/chat/completions', { session, method: 'POST', body }))
  if (!chat.ok) return fail('answer', `${model.id}: ${explain(chat)}`, ms)
  const text = chat.data.choices?.[0]?.message?.content
  if (typeof text !== 'string' || text.trim() === '') {
    return fail('answer', t('setup.check.empty', { model: model.id }), ms)
  }
  pass('answer',
    t('setup.check.answered', { model: model.id,
      text: `${text.trim().replace(/\s+/g, ' ').slice(0, 60)}${text.trim().length > 60 ? '…' : ''}` }), ms)
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
  return t(
    state === 'kv-missing'
      ? 'setup.check.kv-missing'
      : state === 'draining'
      ? 'setup.check.draining'
      : 'setup.check.store',
  )
}
