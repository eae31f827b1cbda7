// Texts that several pages use.

/** @satisfies {import('../../types.d.ts').Texts} */
export const common = {
  'skip.content': 'Skip to content',
  'nav.setup': 'Setup',
  'nav.chat': 'Chat',
  'nav.label': 'Pages',
  'language.label': 'Language',
  'language.browser': 'As the browser',
  'away.text': 'The server does not answer. You see what is on this device; the page tries again by itself.',
  'date.in': '{date}, {when}',
  'bytes.b': '{size} B',
  'bytes.kb': '{size} KB',
  'bytes.mb': '{size} MB',
  'theme.label': 'Theme',
  'theme.auto': 'Theme: as the system',
  'theme.light': 'Theme: light',
  'theme.dark': 'Theme: dark',
}
