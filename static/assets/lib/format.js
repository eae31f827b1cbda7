// Numbers and dates for people.

const whole = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

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
 * @param {number} value
 * @param {string} one
 * @param {string} [many]
 */
export function plural (value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`
}

/**
 * One AI credit is a hundredth of a US dollar.
 * @param {number} value
 */
export function credits (value) {
  if (value === 0) return '0'
  return value < 0.01 ? '<0.01' : value < 10 ? value.toFixed(2) : count(Math.round(value * 10) / 10)
}

/** @param {number} value */
export function bytes (value) {
  if (value < 1_024) return `${value} B`
  return value < 1_048_576
    ? `${Math.round(value / 1_024)} KB`
    : `${(value / 1_048_576).toFixed(1).replace(/\.0$/, '')} MB`
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
  const days = Math.ceil((at - now) / 86_400_000)
  const date = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(at)
  return days < 0 ? date : `${date}, ${days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`}`
}
