// Runs in a hidden frame: mermaid turns the source of a diagram into an SVG. mermaid writes inline styles, so the frame
// has a policy of its own (src/security-headers.ts). It trusts nothing in the source, and nothing of the page is here.
import { mermaid } from '/vendor/diagram.js'

/** @typedef {{ id: number, source: string, isDark: boolean }} Order */

const maxChars = 50_000
/** mermaid derives all others from these. The page's own colours are not known here. */
const lightColours = { primaryColor: '#e4e7ff', primaryBorderColor: '#5a67d8', primaryTextColor: '#1b1c1e',
  lineColor: '#5b5d62', background: '#ffffff', edgeLabelBackground: '#ffffff' }
const darkColours = { darkMode: true, primaryColor: '#333a66', primaryBorderColor: '#8f9aff',
  primaryTextColor: '#ececee', lineColor: '#a5a9b1', background: '#191b1e', edgeLabelBackground: '#191b1e' }
/** One after the other: mermaid has one configuration. */
let last = Promise.resolve()

window.addEventListener('message', ({ source, origin, data }) => {
  if (source !== window.parent || origin !== window.location.origin) return
  last = last.then(() => answer(data))
})
window.parent.postMessage({ isReady: true }, window.location.origin)

/** @param {Order} order */
async function answer ({ id, source, isDark }) {
  const result = await draw(`diagram-${id}`, source, isDark).then(svg => ({ svg }), thrown => ({
    problem: String(thrown?.message ?? thrown).slice(0, 500),
  }))
  window.parent.postMessage({ id, ...result }, window.location.origin)
}

/** A line does not run through its label. */
const opaqueLabels = '.edgeLabel rect, .edgeLabel .background { opacity: 1 !important; }'

/**
 * @param {string} id
 * @param {string} source
 * @param {boolean} isDark
 */
async function draw (id, source, isDark) {
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', suppressErrorRendering: true, htmlLabels: false,
    flowchart: { htmlLabels: false }, class: { htmlLabels: false }, maxTextSize: maxChars, theme: 'base',
    themeVariables: isDark ? darkColours : lightColours, fontFamily: 'system-ui, sans-serif', themeCSS: opaqueLabels })
  const { svg } = await mermaid.render(id, source)
  // mermaid returns HTML. A picture has to be XML.
  const drawn = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg')
  if (drawn === null) throw new Error('No diagram')
  const [, , width = 0, height = 0] = (drawn.getAttribute('viewBox') ?? '').split(/[\s,]+/).map(Number)
  if (width > 0 && height > 0) {
    drawn.setAttribute('width', String(Math.ceil(width)))
    drawn.setAttribute('height', String(Math.ceil(height)))
  }
  return new XMLSerializer().serializeToString(drawn)
}
