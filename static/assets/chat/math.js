// Draws formulas as MathML with KaTeX, which is loaded with the first formula. Until then, and if a formula is wrong,
// its source is shown. MathML has no inline styles, which the page's policy forbids.
import { t } from '../lib/text.js'
import { cleanFormula } from './markdown-library.js'

/** A loop of macros ends here. */
const maxExpand = 1_000
/** While an answer streams, the formulas of its open block are drawn in every frame. */
const cache = new Map()
const maxCached = 500
/** @type {typeof import('/vendor/math.js').renderToString | null} */
let renderToString = null
/** @type {Promise<void> | null} */
let loading = null

/**
 * Draws the formulas in what the sanitiser returned.
 * @param {DocumentFragment} fragment
 */
export function drawFormulas (fragment) {
  for (const place of fragment.querySelectorAll('.formula')) {
    const tex = place.textContent ?? ''
    const isDisplay = place.classList.contains('display')
    place.setAttribute('translate', 'no')
    if (renderToString !== null) draw(place, tex, isDisplay)
    else void load().then(() => draw(place, tex, isDisplay))
  }
}

function load () {
  loading ??= import('/vendor/math.js').then(library => {
    renderToString = library.renderToString
  }, () => {})
  return loading
}

/**
 * @param {Element} place
 * @param {string} tex
 * @param {boolean} isDisplay
 */
function draw (place, tex, isDisplay) {
  const formula = formulaOf(tex, isDisplay)
  if (formula !== null) {
    place.classList.add('drawn')
    place.replaceChildren(formula.cloneNode(true))
    if (isDisplay) makeScrollable(place)
  } else place.classList.add('source')
}

/** @param {Element} place */
function makeScrollable (place) {
  place.setAttribute('tabindex', '0')
  place.setAttribute('role', 'group')
  place.setAttribute('aria-label', t('chat.formula'))
}

/**
 * @param {string} tex
 * @param {boolean} displayMode
 * @returns {DocumentFragment | null} null if KaTeX cannot read it
 */
function formulaOf (tex, displayMode) {
  const key = `${displayMode ? 'd' : 'i'}${tex}`
  if (cache.has(key)) return cache.get(key)
  const formula = render(tex, displayMode)
  if (cache.size >= maxCached) cache.clear()
  cache.set(key, formula)
  return formula
}

/**
 * @param {string} tex
 * @param {boolean} displayMode
 */
function render (tex, displayMode) {
  if (renderToString === null) return null
  try {
    const html = renderToString(tex, { displayMode, output: 'mathml', throwOnError: true, strict: 'ignore',
      trust: false, maxExpand, maxSize: 40 })
    // The browser complains of a style even if the sanitiser removes it. KaTeX escapes every quote of the source.
    return cleanFormula(html.replace(/ style="[^"]*"/g, ''))
  } catch {
    return null
  }
}
