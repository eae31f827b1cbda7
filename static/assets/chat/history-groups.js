// The history by date: pinned chats, today, yesterday, the last week and month, then months. Pure.
import { language, t } from '../lib/text.js'
/** @import { Conversation } from '../types.d.ts' */

const month = new Intl.DateTimeFormat(language, { month: 'long' })
const monthAndYear = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric' })

/** @typedef {{ readonly label: string, readonly conversations: Conversation[] }} Group */

/**
 * @param {readonly Conversation[]} conversations
 * @param {number} [now]
 * @returns {Group[]} newest first
 */
export function groupByDate (conversations, now = Date.now()) {
  const sorted = conversations.toSorted((a, b) => b.updatedAt - a.updatedAt)
  const label = createLabels(now)
  return [...Map.groupBy(sorted.filter(({ isPinned }) => isPinned), () => t('history.pinned')),
    ...Map.groupBy(sorted.filter(({ isPinned }) => !isPinned), ({ updatedAt }) => label(updatedAt))].map((
      [label, conversations],
    ) => ({ label, conversations }))
}

/**
 * @param {number} now
 * @returns {(at: number) => string}
 */
function createLabels (now) {
  const today = dayOf(now)
  return at => {
    const days = today - dayOf(at)
    if (days <= 0) return t('history.today')
    if (days === 1) return t('history.yesterday')
    if (days <= 7) return t('history.week')
    if (days <= 30) return t('history.month')
    const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear()
    return (isThisYear ? month : monthAndYear).format(at)
  }
}

/**
 * Days of the reader's calendar: some have 23 or 25 hours.
 * @param {number} at
 */
function dayOf (at) {
  const date = new Date(at)
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000)
}
