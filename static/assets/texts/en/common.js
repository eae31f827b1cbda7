// Texts that several pages use.

/** @satisfies {import('../../types.d.ts').Texts} */
export const common = {
  'nav.setup': 'Setup',
  'nav.chat': 'Chat',
  'nav.label': 'Pages',
  'theme.auto': 'Theme: as the system',
  'theme.light': 'Theme: light',
  'theme.dark': 'Theme: dark',

  'demo.label': 'About this server',
  'demo.title': 'This is a demo.',
  'demo.text': 'An emulator plays GitHub and Copilot: no model answers, and nothing is kept when it ends.',

  'api.foreign': 'The answer is not from this proxy. Is another server in between, such as a login page?',
  'api.unreachable': 'The proxy does not answer. Is it running, and are you online?',
  'api.status': 'The proxy answered with status {status}.',

  'cause.says': '{who}: {text}',
  'cause.who.github': 'GitHub',
  'cause.who.copilot': 'Copilot',
  'cause.who.server': 'This server',
  'cause.who.network': 'Browser or network',
  'cause.who.between': 'Between the browser and this server',
  'cause.github': 'Try again in a moment; githubstatus.com shows whether GitHub has trouble.',
  'cause.copilot': 'Try again in a moment; githubstatus.com shows whether Copilot has trouble.',
  'cause.quota': 'Usage shows when the quota is reset.',
  'cause.pause': 'Wait a little, then try again.',
  'cause.kv-missing': 'Its operator has to configure the store.',
  'cause.store': 'Try again in a minute. If it goes on, the operator finds the cause in the log.',
  'cause.moment': 'Try again in a moment.',
  'cause.operator': 'Try again. If it goes on, tell the operator of this server.',
  'cause.between': 'A reverse proxy, a login page or a firewall may be in between. Reload the page.',
  'cause.wait.seconds': { one: 'Try again in {count} second.', other: 'Try again in {count} seconds.' },
  'cause.wait.minutes': 'Try again in {count} min.',

  'copy.copy': 'Copy',
  'copy.done': 'Copied',
  'copy.what': '{label} {what}',
  'copy.press': 'Press Ctrl+C',
  'copy.selected': 'Selected. Press Ctrl+C to copy',
  'secret.show': 'Show',
  'secret.hide': 'Hide',
  'secret.what': '{label} {what}',

  'name.choose': 'Choose a user name.',
  'name.form': 'Use lower-case letters, digits and single hyphens between them.',
  'name.reserved': '“{name}” is a word this proxy uses itself. Choose another.',

  'server.memory': 'memory',
  'server.store': 'Store: {store}',
  'server.version': 'Version {version}',
  'server.no-store': 'no store',
  'server.store-unreachable': 'store unreachable',
  'server.draining': 'restarting',
  'server.offline': 'offline',
  'server.unknown': 'unknown',

  'sign-in.none': 'Nobody is signed in.',
  'sign-in.still': 'You are still signed in. {why}',
  'sign-in.ended': 'Your session has ended.',
  'sign-in.replaced': '{username} has signed in with this browser.',
}
