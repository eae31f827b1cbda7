// The cells of an Excel workbook as CSV, sheet by sheet.
import { createText } from './limits.js'
import { readOffice } from './office.js'

/** @param {Uint8Array<ArrayBuffer>} bytes */
export async function readSheet (bytes) {
  const { sheets } = await readOffice('sheet', bytes)
  const text = createText()
  for (const { sheet, data } of sheets) {
    const rows = data.map(row => row.map(cell => quoted(wordOf(cell))).join(','))
    if (rows.length > 0) text.add(`[Sheet ${sheet}]\n${rows.join('\n')}`)
  }
  return { text: text.text(), pages: sheets.length, leftOut: 0 }
}

/**
 * @param {unknown} cell
 * @returns {string}
 */
function wordOf (cell) {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return dateOf(cell)
  return String(cell)
}

/** @param {string} word */
function quoted (word) {
  return /[",\n]/.test(word) ? `"${word.replaceAll('"', '""')}"` : word
}

/**
 * Excel keeps a moment as a fraction of a day, so its seconds are not exact. It has no zone.
 * @param {Date} moment
 */
function dateOf (moment) {
  const [day = '', time = ''] = new Date(Math.round(moment.getTime() / 1_000) * 1_000).toISOString().split(/[TZ.]/)
  return time === '00:00:00' ? day : `${day} ${time}`
}
