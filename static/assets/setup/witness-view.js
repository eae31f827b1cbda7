// The witness, offered after the connection test: what it asks and what that costs, then its report. The user can copy
// the report into an issue; it holds names and types only.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { copyButton } from '../lib/copy.js'
import { h } from '../lib/dom.js'
import { plural } from '../lib/format.js'
import { signedIn } from '../lib/session.js'
/** @import { WitnessReport } from '../types.d.ts' */

/**
 * @param {HTMLElement} place
 * @param {() => unknown} onDone called after each run, because a run counts as usage
 */
export async function showWitness (place, onDone) {
  const answer = await ask('/witness', { session: signedIn() })
  const state = h('p', { class: 'small-text', role: 'status' })
  const result = h('div', { class: 'section' })
  if (!answer.ok) return place.replaceChildren(h('p', { class: 'problem', role: 'alert' }, answer.message))
  const questions = answer.data.data
  const free = questions.filter(({ cost }) => cost === 'free').length
  const run = h('button', { type: 'button', class: 'small', id: 'witness-run' }, 'Ask them')
  run.addEventListener('click', () =>
    busy(run, async () => {
      state.textContent = 'Asking Copilot. This takes up to a minute…'
      result.replaceChildren()
      const report = await ask('/witness', { session: signedIn(), method: 'POST', body: {} })
      state.textContent = report.ok ? summary(report.data) : report.message
      if (report.ok) result.replaceChildren(...draw(report.data))
      onDone()
    }))
  place.replaceChildren(
    h('p', { class: 'muted small-text' },
      `The witness asks your seat ${
        plural(questions.length, 'small question')
      } and compares the answers with this project’s notes on Copilot. `
        + `A free model answers ${free} of them in at most 256 tokens: nothing on paid plans, ${free} chat requests `
        + `on Copilot Free.`),
    h('details', {}, h('summary', {}, 'What it asks'),
      h('ul', { class: 'small-text' }, questions.map(({ asks, cost }) =>
        h('li', {}, `${asks}${cost === 'free' ? ' (a free model answers)' : ''}`)
      ))),
    h('div', { class: 'row' }, run),
    state,
    result,
  )
}

/** @param {WitnessReport} report */
function summary ({ holds, differs, new: news }) {
  const found = news.models.length + news.fields.length + news.headers.length
  return `${plural(holds.length, 'fact')} as expected, ${differs.length} different, ${found} new.`
}

/** @param {WitnessReport} report */
function draw (report) {
  const { differs, skipped, new: news } = report
  return [...list('Different', differs.map(({ says, seen }) => `${says} Seen: ${seen}.`)),
    ...list('New models', news.models), ...list('New fields', news.fields), ...list('New headers', news.headers),
    ...list('Not asked', skipped.map(({ question, why }) => `${question}: ${why}`)),
    h('div', { class: 'row' },
      copyButton(() => JSON.stringify(report, null, 2), { label: 'Copy report', what: 'of the witness' }))]
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
