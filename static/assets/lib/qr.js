// Draws a text as a QR code, in SVG, for the camera of a phone.
import { qrGrid } from './qr-grid.js'

const svg = 'http://www.w3.org/2000/svg'

/**
 * @param {string} text
 * @param {string} label for screen readers
 */
export function drawQr (text, label) {
  const grid = qrGrid(text)
  const image = document.createElementNS(svg, 'svg')
  image.setAttribute('class', 'qr')
  image.setAttribute('viewBox', `0 0 ${grid.length} ${grid.length}`)
  image.setAttribute('role', 'img')
  image.setAttribute('aria-label', label)
  image.setAttribute('shape-rendering', 'crispEdges')
  const path = document.createElementNS(svg, 'path')
  path.setAttribute('d',
    grid.flatMap((row, y) => row.flatMap((isDark, x) => isDark ? [`M${x} ${y}h1v1h-1z`] : [])).join(''))
  image.append(path)
  return image
}
