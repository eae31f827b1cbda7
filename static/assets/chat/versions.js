// The switch between versions of a question or of an answer: ‹ 2/2 ›.
import { announce } from '../lib/announce.js'
import { h, icon } from '../lib/dom.js'
import { t } from '../lib/text.js'
/** @import { Turn } from '../types.d.ts' */

/** @typedef {import('../lib/text.js').TextName} TextName */

/** @type {Readonly<Record<'question' | 'answer', Record<'group' | 'before' | 'after' | 'now', TextName>>>} */
const names = {
  question: { group: 'turn.questions', before: 'turn.question.before', after: 'turn.question.after',
    now: 'turn.question.now' },
  answer: { group: 'turn.answers', before: 'turn.answer.before', after: 'turn.answer.after', now: 'turn.answer.now' },
}

/**
 * @param {'question' | 'answer'} kind
 * @param {readonly Turn[]} versions
 * @param {Turn} turn the one that is on the screen
 * @param {(turn: Turn) => void} onVersion
 * @returns {HTMLElement | null} null if there is one version only
 */
export function drawVersions (kind, versions, turn, onVersion) {
  if (versions.length < 2) return null
  const at = versions.indexOf(turn)
  const name = names[kind]
  /**
   * @param {'before' | 'after'} way
   * @param {number} to
   */
  const button = (way, to) =>
    h('button', { type: 'button', class: `quiet small step ${way}`, 'aria-label': t(name[way]),
      disabled: versions[to] === undefined, onclick: () => step(way, to) }, icon('chevron'))
  return h('span', { class: `versions ${kind}s`, role: 'group', 'aria-label': t(name.group) }, button('before', at - 1),
    h('span', { class: 'place' }, `${at + 1}/${versions.length}`), button('after', at + 1))

  /**
   * @param {'before' | 'after'} way
   * @param {number} to
   */
  function step (way, to) {
    const chosen = versions[to]
    if (chosen === undefined) return
    onVersion(chosen)
    announce(t(name.now, { at: to + 1, count: versions.length }))
    // The turn is drawn again: the focus goes to the same button, or to the other one at the last version.
    const group = document.querySelector(`[data-turn='${chosen.id}'] .versions.${kind}s`)
    const next = group?.querySelector(`.${way}:enabled`) ?? group?.querySelector('button:enabled')
    if (next instanceof HTMLElement) next.focus()
  }
}
