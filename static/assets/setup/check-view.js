// The list of steps of the connection test, filled in while the test runs. The report that the user can copy holds no
// secret.
import { busy } from '../lib/busy.js'
import { copyButton } from '../lib/copy.js'
import { byId, h, icon, show } from '../lib/dom.js'
import { session, signedIn } from '../lib/session.js'
import { t } from '../lib/text.js'
import { runCheck, steps } from './check.js'
/** @import { Step, StepResult } from './check.js' */

const words = { pass: t('setup.check.pass'), fail: t('setup.check.fail'), skip: t('setup.check.skip'),
  run: t('setup.check.run') }

/** @param {() => unknown} onDone called after each run, because a run counts as usage */
export function setUpCheck (onDone) {
  /** @type {Map<Step, StepResult>} */
  let results = new Map()
  byId('test-run').addEventListener('click', () =>
    busy(byId('test-run'), async () => {
      results = new Map()
      byId('test-state').textContent = ''
      byId('test-copy').replaceChildren()
      const items = new Map(
        steps.map((
          [id, name],
        ) => [id, { name, item: h('li', { dataset: { step: id } }, mark(null), h('span', {}, name)) }]),
      )
      byId('test-list').replaceChildren(...[...items.values()].map(({ item }) => item))
      const isGood = await runCheck(signedIn(), (id, result) => {
        results.set(id, result)
        const shown = items.get(id)
        if (shown) drawStep(shown.item, shown.name, result)
      })
      byId('test-state').textContent = t(isGood ? 'setup.check.good' : 'setup.check.bad')
      byId('test-state').className = `small-text ${isGood ? 'linked' : 'problem'}`
      byId('test-copy').replaceChildren(copyButton(report, { label: t('setup.copy-report') }))
      if (isGood) offerWitness()
      onDone()
    }))
  return {
    reset () {
      byId('test-list').replaceChildren()
      byId('test-state').textContent = ''
      byId('test-copy').replaceChildren()
      show(byId('witness'), false)
    },
  }

  /** Few people need the witness, so its code loads only when the user asks for it. */
  function offerWitness () {
    const load = async () => {
      const { showWitness } = await import('./witness-view.js')
      await showWitness(byId('witness'), onDone)
    }
    const open = h('button', { type: 'button', class: 'quiet small', id: 'witness-open' }, t('setup.witness.open'))
    open.addEventListener('click', () => busy(open, load))
    byId('witness').replaceChildren(open)
    show(byId('witness'), true)
  }

  /** Safe to paste in an issue: it leaves out the user's name and the GitHub account. */
  function report () {
    const { username = '' } = session() ?? {}
    /** @param {string} text */
    const hide = text => username === '' ? text : text.replaceAll(username, '…')
    return steps.map(([id, name]) => {
      const { state = 'skip', detail = '', ms } = results.get(id) ?? {}
      return `${name}: ${words[state]}${ms === undefined ? '' : ` (${ms} ms)`}${
        detail && id !== 'token' ? ` – ${hide(detail)}` : ''
      }`
    }).join('\n')
  }
}

/**
 * @param {HTMLElement} item
 * @param {string} name
 * @param {StepResult} result
 */
function drawStep (item, name, { state, detail, ms }) {
  item.className = state
  item.replaceChildren(mark(state), h('span', {}, name, h('span', { class: 'offscreen' }, `: ${words[state]}`)),
    h('span', { class: 'took' }, ms === undefined ? '' : `${ms} ms`),
    ...(detail ? [h('span', { class: 'detail' }, detail)] : []))
}

/** @param {StepResult['state'] | null} state */
function mark (state) {
  if (state === 'run') return h('span', { class: 'mark' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }))
  return h('span', { class: 'mark' },
    state === 'pass'
      ? icon('check')
      : state === 'fail'
      ? icon('cross')
      : h('span', { class: 'dot', 'aria-hidden': 'true' }))
}
