// Numbers and dates for people, as the reader's language writes them.
import { language, t } from './text.js'

const whole = new Intl.NumberFormat(language)
const short = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 })
const cents = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const oneDigit = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
const fixedDigit = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const moments = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
const inDays = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
const dayAndMonth = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone: 'UTC' })

/** @param {number} value */
export function count (value) {
  return Number.isInteger(value) ? whole.format(value) : whole.format(Math.round(value * 100) / 100)
}

/**
 * 128K, 1M.
 * @param {number} value
 */
export function compact (value) {
  return short.format(value)
}

/**
 * Always with one digit after the point: 0.7, 1.0.
 * @param {number} value
 */
export function tenths (value) {
  return fixedDigit.format(value)
}

/**
 * One AI credit is a hundredth of a US dollar.
 * @param {number} value
 */
export function credits (value) {
  if (value === 0) return whole.format(0)
  return value < 0.01 ? `<${cents.format(0.01)}` : value < 10 ? cents.format(value) : oneDigit.format(value)
}

/** @param {number} value */
export function bytes (value) {
  if (value < 1_024) return t('bytes.b', { size: whole.format(value) })
  return value < 1_048_576
    ? t('bytes.kb', { size: whole.format(Math.round(value / 1_024)) })
    : t('bytes.mb', { size: oneDigit.format(value / 1_048_576) })
}

/**
 * Day and time of day, in the time zone of the person who looks.
 * @param {number} at
 */
export function moment (at) {
  return moments.format(at)
}

/**
 * The day of a date as the server writes it, `YYYY-MM-DD` at the start, in UTC. Another text stays as it is.
 * @param {string} text
 */
export function calendarDay (text) {
  const at = Date.parse(text)
  return Number.isNaN(at) ? text : days.format(at)
}

/** @param {number} seconds */
export function clockTime (seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.max(0, Math.floor(seconds % 60))).padStart(2, '0')}`
}

/**
 * "1 December, in 12 days", or null if the text is no date.
 * @param {string | null} text
 */
export function resetDate (text, now = Date.now()) {
  const at = Date.parse(text ?? '')
  if (Number.isNaN(at)) return null
  const away = Math.ceil((at - now) / 86_400_000)
  const date = dayAndMonth.format(at)
  return away < 0 ? date : t('date.in', { date, when: inDays.format(away, 'day') })
}
