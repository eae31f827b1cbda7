// Diagrams, from blocks of mermaid. A hidden frame draws each as an SVG. The page shows it as a picture: then it can
// neither run a script nor load anything. The source is one button away, and it is what remains if drawing fails.
import { h } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { enlargeable } from './picture.js'

/** @typedef {{ id: number, svg?: unknown, problem?: unknown, isReady?: unknown }} Message */

const maxSvgChars = 4_000_000
const patienceMs = 20_000
const dark = window.matchMedia('(prefers-color-scheme: dark)')

/** @type {Promise<Window> | null} */
let frame = null
let orders = 0
/** @type {Map<number, (message: Message) => void>} */
const waiting = new Map()
/** @type {WeakMap<Element, () => void>} */
const redraws = new WeakMap()

window.addEventListener('message', ({ origin, data }) => {
  if (origin !== window.location.origin || typeof data?.id !== 'number') return
  waiting.get(data.id)?.(data)
})
dark.addEventListener('change', redrawAll)
new window.MutationObserver(redrawAll).observe(document.documentElement, { attributeFilter: ['data-theme'] })

/**
 * Adds the diagram to a block of code that is complete.
 * @param {HTMLElement} figure
 * @param {string} source
 */
export async function addDiagram (figure, source) {
  const pre = figure.querySelector('pre')
  const caption = figure.querySelector('figcaption')
  if (pre === null || caption === null) return
  const place = h('div', { class: 'diagram' })
  const toggle = h('button', { type: 'button', class: 'quiet small', onclick: () => show(!place.hidden) })
  const show = (/** @type {boolean} */ isSource) => {
    place.hidden = isSource
    pre.hidden = !isSource
    toggle.textContent = t(isSource ? 'chat.diagram.show' : 'chat.diagram.source')
  }
  const redraw = async () => {
    const { svg, problem } = await draw(source)
    if (typeof svg === 'string') place.replaceChildren(enlargeable(pictureOf(svg)))
    return problem
  }
  const problem = await redraw()
  if (place.firstChild === null) {
    figure.append(
      h('p', { class: 'muted small-text diagram-problem' },
        t('chat.diagram.failed', { problem: String(problem ?? '').split('\n')[0] ?? '' })),
    )
    return
  }
  pre.before(place)
  caption.insertBefore(toggle, caption.lastElementChild)
  figure.classList.add('has-diagram')
  redraws.set(figure, () => void redraw())
  show(false)
}

/** @param {string} svg */
function pictureOf (svg) {
  const [, width = '', height = ''] = /viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"/.exec(svg) ?? []
  return h('img', { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`, alt: t('chat.diagram'),
    width: width === '' ? null : String(Math.ceil(Number(width))),
    height: height === '' ? null : String(Math.ceil(Number(height))) })
}

/**
 * @param {string} source
 * @returns {Promise<{ svg?: unknown, problem?: unknown }>} never rejects
 */
async function draw (source) {
  frame ??= openFrame()
  const to = await frame.catch(() => null)
  if (to === null) {
    frame = null
    return { problem: t('chat.diagram.unloaded') }
  }
  const id = ++orders
  const answer = await new Promise(resolve => {
    waiting.set(id, resolve)
    setTimeout(() => resolve({ problem: t('chat.diagram.slow') }), patienceMs)
    to.postMessage({ id, source, isDark: isDark() }, window.location.origin)
  })
  waiting.delete(id)
  return typeof answer.svg === 'string' && answer.svg.length > maxSvgChars
    ? { problem: t('chat.diagram.large') }
    : answer
}

/** @returns {Promise<Window>} */
function openFrame () {
  const element = h('iframe', { src: '/assets/chat/diagram.html', class: 'drawing-frame', tabindex: '-1',
    'aria-hidden': 'true', title: t('chat.diagram') })
  document.body.append(element)
  return new Promise((resolve, reject) => {
    const listen = (/** @type {MessageEvent} */ { source, data }) => {
      if (source === null || source !== element.contentWindow || data?.isReady !== true) return
      window.removeEventListener('message', listen)
      resolve(element.contentWindow)
    }
    window.addEventListener('message', listen)
    setTimeout(() => {
      reject(new Error('The frame did not load'))
      window.removeEventListener('message', listen)
    }, patienceMs)
  })
}

function isDark () {
  const { theme } = document.documentElement.dataset
  return theme === undefined || theme === 'auto' ? dark.matches : theme === 'dark'
}

function redrawAll () {
  for (const figure of document.querySelectorAll('.has-diagram')) redraws.get(figure)?.()
}
