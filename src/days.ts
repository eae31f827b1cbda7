// Days in UTC, as `YYYY-MM-DD`.
export const dayMs = 86_400_000

/** @param at milliseconds since the epoch */
export function toDay (at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** Null for anything else than a day of the calendar. */
export function readDay (text: string): string | null {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(at) || toDay(at) !== text ? null : text
}
