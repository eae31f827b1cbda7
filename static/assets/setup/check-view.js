// The list of steps, filled while the test runs; what can be copied from it holds no secret.
import { busy } from '../lib/busy.js'
import { copyButton } from '../lib/copy.js'
import { byId, h, icon } from '../lib/dom.js'
import { runCheck, steps } from './check.js'

const words = { pass: 'passed', fail: 'failed', skip: 'not run', run: 'running' }

/** @param onDone called after each run, for it counts as usage */
export function setUpCheck ({ session, onDone }) {
  let results = new Map()
  byId('test-run').addEventListener('click', () => busy(byId('test-run'), async () => {
    results = new Map()
    byId('test-state').textContent = ''
    byId('test-copy').replaceChildren()
    const items = new Map(steps.map(([id, name]) => [id, h('li', { dataset: { step: id } }, mark(null), h('span', {}, name))]))
    byId('test-list').replaceChildren(...items.values())
    const isGood = await runCheck(session(), (id, result) => {
      results.set(id, result)
      drawStep(items.get(id), steps.find(([step]) => step === id)[1], result)
    })
    byId('test-state').textContent = isGood ? 'Everything works.' : 'Something is in the way; see above for what to do.'
    byId('test-state').className = `small-text ${isGood ? 'linked' : 'problem'}`
    byId('test-copy').replaceChildren(copyButton(report, { label: 'Copy report' }))
    onDone()
  }))
  return { reset () { byId('test-list').replaceChildren(); byId('test-state').textContent = ''; byId('test-copy').replaceChildren() } }

  /** Safe to paste in an issue: the name of the user and of the GitHub account are left out. */
  function report () {
    const hide = text => [session()?.username, session()?.password].filter(Boolean).reduce((said, secret) => said.replaceAll(secret, '…'), text)
    return steps.map(([id, name]) => {
      const { state = 'skip', said = '', ms } = results.get(id) ?? {}
      return `${name}: ${words[state]}${ms === undefined ? '' : ` (${ms} ms)`}${said && id !== 'token' ? ` – ${hide(said)}` : ''}`
    }).join('\n')
  }
}

function drawStep (item, name, { state, said, ms }) {
  item.className = state
  item.replaceChildren(mark(state), h('span', {}, name, h('span', { class: 'offscreen' }, `: ${words[state]}`)),
    h('span', { class: 'took' }, ms === undefined ? '' : `${ms} ms`), ...(said ? [h('span', { class: 'said' }, said)] : []))
}

function mark (state) {
  if (state === 'run') return h('span', { class: 'mark' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }))
  return h('span', { class: 'mark' }, state === 'pass' ? icon('check') : state === 'fail' ? icon('cross') : h('span', { class: 'dot', 'aria-hidden': 'true' }))
}
