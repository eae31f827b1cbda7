// The witness, offered after the connection test: what it asks and what that costs, then its report. The user can copy
// the report into an issue; it holds names and types only.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { explain } from '../lib/causes.js'
import { copyButton } from '../lib/copy.js'
import { h } from '../lib/dom.js'
import { signedIn } from '../lib/session.js'
import { t } from '../lib/text.js'
/** @import { WitnessReport } from '../types.d.ts' */

/**
 * @param {HTMLElement} place
 * @param {() => unknown} onDone called after each run, because a run counts as usage
 */
export async function showWitness (place, onDone) {
  const answer = await ask('/witness', { session: signedIn() })
  const state = h('p', { class: 'small-text', role: 'status' })
  const result = h('div', { class: 'section' })
  if (!answer.ok) return place.replaceChildren(h('p', { class: 'problem', role: 'alert' }, explain(answer)))
  const questions = answer.data.data
  const free = questions.filter(({ cost }) => cost === 'free').length
  const run = h('button', { type: 'button', class: 'small', id: 'witness-run' }, t('setup.witness.ask'))
  run.addEventListener('click', () =>
    busy(run, async () => {
      state.textContent = t('setup.witness.asking')
      result.replaceChildren()
      const report = await ask('/witness', { session: signedIn(), method: 'POST', body: {} })
      state.textContent = report.ok ? summary(report.data) : explain(report)
      if (report.ok) result.replaceChildren(...draw(report.data))
      onDone()
    }))
  place.replaceChildren(
    h('p', { class: 'muted small-text' }, t('setup.witness.intro', { count: questions.length, free })),
    h('details', {}, h('summary', {}, t('setup.witness.list')),
      h('ul', { class: 'small-text' }, questions.map(({ asks, cost }) =>
        h('li', {}, cost === 'free' ? t('setup.witness.free', { asks }) : asks)
      ))),
    h('div', { class: 'row' }, run),
    state,
    result,
  )
}

/** @param {WitnessReport} report */
function summary ({ holds, differs, new: news }) {
  const found = news.models.length + news.fields.length + news.headers.length
  return t('setup.witness.summary', { count: holds.length, different: differs.length, found })
}

/** @param {WitnessReport} report */
function draw (report) {
  const { differs, skipped, new: news } = report
  return [
    ...list(t('setup.witness.different'), differs.map(({ says, seen }) => t('setup.witness.seen', { says, seen }))),
    ...list(t('setup.witness.models'), news.models),
    ...list(t('setup.witness.fields'), news.fields),
    ...list(t('setup.witness.headers'), news.headers),
    ...list(t('setup.witness.skipped'), skipped.map(({ question, why }) => `${question}: ${why}`)),
    h('div', { class: 'row' },
      copyButton(() => JSON.stringify(report, null, 2), { label: t('setup.copy-report'),
        what: t('setup.witness.what') })),
  ]
}

/**
 * @param {string} title
 * @param {readonly string[]} lines
 */
function list (title, lines) {
  return lines.length === 0
    ? []
    : [h('h3', {}, title), h('ul', { class: 'small-text' }, lines.map(line => h('li', {}, line)))]
}
