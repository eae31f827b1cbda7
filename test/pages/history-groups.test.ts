// The groups of the history by date. The module is pure, so Node runs it; the dates are those of the reader's calendar.
import t from 'tap'

interface Group {
  readonly label: string
  readonly conversations: readonly { readonly name: string }[]
}

const path: string = '../../static/assets/chat/history-groups.js'
const { groupByDate } = await import(path) as {
  groupByDate: (conversations: readonly object[], now: number) => Group[],
}
const now = new Date(2026, 2, 3, 0, 30).getTime()
const at = (name: string, ...[month, day, hour = 12, year = 2026]: [number, number, number?, number?]) => ({ name,
  isPinned: name.startsWith('pin'), updatedAt: new Date(year, month - 1, day, hour).getTime() })

t.test('chats are grouped by days of the calendar, then by months; pinned ones come first', t => {
  const chats = [at('last year', 12, 31, 12, 2025), at('pin old', 1, 1), at('23 hours', 3, 2, 1), at('a week', 2, 24),
    at('8 days', 2, 23), at('30 days', 2, 1), at('31 days', 1, 31), at('now', 3, 3, 0), at('future', 3, 4)]
  t.strictSame(
    groupByDate(chats, now).map(({ label, conversations }) => [label, ...conversations.map(one => one.name)]),
    [['Pinned', 'pin old'], ['Today', 'future', 'now'], ['Yesterday', '23 hours'], ['Previous 7 days', 'a week'], [
      'Previous 30 days',
      '8 days',
      '30 days',
    ], ['January', '31 days'], ['December 2025', 'last year']],
  )
  t.end()
})
