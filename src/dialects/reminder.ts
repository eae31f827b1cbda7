// Agents slip notes of their own into a user's turn. Such a text is no word of the user's: it must not be billed as one.

/** Whether a text is wholly one or more `<system-reminder>` blocks. */
export function isReminder (text: string): boolean {
  const trimmed = text.trim()
  return trimmed.startsWith('<system-reminder>') && trimmed.endsWith('</system-reminder>') &&
    trimmed.replaceAll(/<system-reminder>[^]*?<\/system-reminder>/g, '').trim() === ''
}
