// Texts that several pages use.

/** @satisfies {import('../../types.d.ts').Texts} */
export const common = {
  'nav.setup': 'Setup',
  'nav.chat': 'Chat',
  'nav.label': 'Pages',
  'theme.auto': 'Theme: as the system',
  'theme.light': 'Theme: light',
  'theme.dark': 'Theme: dark',
}
