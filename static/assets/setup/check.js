// "Test my connection": one request followed from here to Copilot and back, each step with what to do where it fails.
import { ask } from '../lib/api.js'
import { plural } from '../lib/format.js'
import { isForChat } from './snippets.js'

export const steps = [
  ['proxy', 'This proxy and its store'],
  ['password', 'Your password'],
  ['token', 'GitHub token'],
  ['seat', 'Copilot seat'],
  ['host', 'Copilot’s host'],
  ['models', 'Models'],
  ['answer', 'A short answer'],
]

/**
 * @param onStep called with `(id, { state, said, ms })`; `state` is `run`, `pass`, `fail` or `skip`
 * @returns whether everything passed
 */
export async function runCheck (session, onStep, signal) {
  const timed = async (path, options) => {
    const startedAt = window.performance.now()
    const answer = await ask(path, { signal, ...options })
    return { ...answer, ms: Math.round(window.performance.now() - startedAt) }
  }
  const done = new Set()
  const pass = (id, said, ms) => { done.add(id); onStep(id, { state: 'pass', said, ms }) }
  const fail = (id, said, ms) => {
    done.add(id)
    onStep(id, { state: 'fail', said, ms })
    for (const [other] of steps) if (!done.has(other)) onStep(other, { state: 'skip', said: '' })
    return false
  }

  onStep('proxy', { state: 'run' })
  const ready = await timed('/readyz')
  if (!ready.ok) return fail('proxy', ready.status === 0 ? ready.message : storeRemedy(ready.state), ready.ms)
  pass('proxy', `Ready, store: ${ready.data.store}`, ready.ms)

  onStep('password', { state: 'run' })
  const usage = await timed('/usage', { session })
  if (usage.status === 401) return fail('password', 'The proxy does not know this name and password. If you changed it elsewhere, sign in again with the new one.', usage.ms)
  if (usage.status === 429) return fail('password', 'Too many wrong passwords came from your address. Wait a minute and run the test again.', usage.ms)
  if (usage.status === 0 || usage.state === 'store_unavailable') return fail('password', usage.message, usage.ms)
  pass('password', 'Accepted', usage.ms)
  if (usage.state === 'github_token_rejected') return fail('token', `${usage.message} Use “Link GitHub again” below.`)
  if (!usage.ok) return fail('token', `${usage.message} GitHub may be down (githubstatus.com), or this machine cannot reach api.github.com.`)
  pass('token', usage.data.login === null ? 'Valid' : `Valid, of ${usage.data.login}`)

  onStep('seat', { state: 'run' })
  const models = await timed('/models', { session })
  if (models.ok && models.data.data.length === 0) return fail('seat', 'GitHub gives this account no Copilot token: there is no seat, or a policy forbids it. See github.com/settings/copilot, or link another account.', models.ms)
  if (models.state === 'github_token_rejected') return fail('seat', models.message, models.ms)
  pass('seat', [usage.data.plan, usage.data.sku].filter(Boolean).join(' · ') || 'There')

  if (!models.ok) return fail('host', `${models.message} A firewall may be in between: this proxy must reach *.githubcopilot.com.`, models.ms)
  pass('host', 'Reached', models.ms)
  const usable = models.data.data.filter(isForChat)
  if (usable.length === 0) return fail('models', 'There are models, but none that may chat. Enable some at github.com/settings/copilot, or ask your organisation.')
  pass('models', `${plural(models.data.data.length, 'model')}, ${usable.filter(({ free }) => free).length} of them free`)

  const model = pickFree(usable)
  if (model === undefined) {
    onStep('answer', { state: 'skip', said: 'Left out: no model of this seat is free.' })
    return true
  }
  onStep('answer', { state: 'run', said: `Asking ${model.id}…` })
  const chat = await timed('/chat/completions', { session, method: 'POST', body: { model: model.id, messages: [{ role: 'user', content: 'Reply with the single word: ready' }] } })
  if (!chat.ok) return fail('answer', `${model.id}: ${sentence(chat.message)}${chatRemedy(chat)}`, chat.ms)
  const text = chat.data?.choices?.[0]?.message?.content
  if (typeof text !== 'string' || text.trim() === '') return fail('answer', `${model.id} answered with nothing. Try again, or try another model in the chat.`, chat.ms)
  pass('answer', `${model.id} answered: “${text.trim().replace(/\s+/g, ' ').slice(0, 60)}${text.trim().length > 60 ? '…' : ''}”`, chat.ms)
  return true
}

/** One that neither thinks long nor costs anything. */
function pickFree (models) {
  const free = models.filter(model => model.free)
  return free.find(({ id }) => !/^(?:gpt-5|o\d|oswe)/.test(id)) ?? free[0]
}

function storeRemedy (state) {
  if (state === 'kv-missing') return 'The store is not configured. Set CF_API_TOKEN, CF_ACCOUNT_ID and CF_KV_NAMESPACE_ID, or STORE=sqlite.'
  if (state === 'draining') return 'The proxy is restarting. Run the test again in a moment.'
  return 'The store does not answer. Its log says why; with Cloudflare KV, check the API token and cloudflarestatus.com.'
}

function sentence (text) {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

function chatRemedy ({ status }) {
  if (status === 402) return ' The seat has used up what it had; see Usage.'
  if (status === 429) return ' Copilot asks for a pause. Wait a little.'
  return status >= 500 ? ' Try again; if it stays, see githubstatus.com.' : ''
}
