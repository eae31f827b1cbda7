// Texts of the setup page. Those of the first part are in index.html too, which shows them before this file loads.

/** @satisfies {import('../../types.d.ts').Texts} */
export const setup = {
  'setup.skip': 'Skip to content',
  'setup.hero.title': 'Your Copilot, in every coding tool',
  'setup.hero.intro':
    'Link GitHub once. You get one address and one password that work in Claude Code, Cursor, Codex and '
    + 'everything else that speaks OpenAI or Anthropic.',
  'setup.door.register': 'Get access',
  'setup.door.label': 'New or returning',
  'setup.sign-in': 'Sign in',
  'setup.closed.title': 'This proxy takes new users by invite only',
  'setup.closed.intro':
    'Its operator has closed registration. Ask the operator for an invite, a link that works once, and '
    + 'open it or paste it here. If you have a user name and a password, sign in.',
  'setup.closed.invite': 'Your invite',
  'setup.closed.invite.example': 'acpi-… or the link',
  'setup.closed.use': 'Use the invite',
  'setup.register.link': 'Link your GitHub account',
  'setup.register.choose': 'Choose a name',
  'setup.username': 'User name',
  'setup.username.example': 'e.g. mona',
  'setup.register.password': 'Password, made for you',
  'setup.register.password.hint':
    'It also seals your GitHub token. Nobody can look it up for you later, so keep it in a password ' + 'manager.',
  'setup.register.code': 'Registration code',
  'setup.register.settings': 'Get your settings',
  'setup.remember': 'Remember this device',
  'setup.register.save': 'Save and show my settings',
  'setup.closed.short': 'This proxy takes new users by invite only.',
  'setup.password': 'Password',
  'setup.sign-in.lost':
    'Lost your password? It cannot be recovered. Ask the operator to delete the user, then register '
    + 'again. Signed in on another device? Its page shows a code for this one, under Account.',
  'setup.home.chat': 'Open chat',
  'setup.home.sign-out': 'Sign out',
  'setup.tabs.label': 'Your account',
  'setup.tab.connect': 'Connect',
  'setup.tab.keys': 'Keys',
  'setup.tab.usage': 'Usage',
  'setup.tab.models': 'Models',
  'setup.tab.seats': 'Seats',
  'setup.tab.account': 'Account',
  'setup.access.title': 'Your access',
  'setup.tool.title': 'Connect a tool',
  'setup.tool.model': 'Model',
  'setup.tool.shell': 'Shell',
  'setup.tool.tabs': 'Tools',
  'setup.test.title': 'Test my connection',
  'setup.test.run': 'Run the test',
  'setup.test.intro':
    'Follows one request from here to Copilot and back: GitHub token, seat, host, models, and one short '
    + 'answer of a model that costs nothing on paid plans.',
  'setup.keys.title': 'Keys',
  'setup.keys.intro': 'One for each tool or machine. A key opens the API, not your account. You can revoke it, and the '
    + 'others go on.',
  'setup.keys.name': 'Name of the new key',
  'setup.keys.name.example': 'e.g. Codex on my laptop',
  'setup.keys.end': 'Valid',
  'setup.keys.end.0': 'until I revoke it',
  'setup.keys.end.7': 'for 7 days',
  'setup.keys.end.30': 'for 30 days',
  'setup.keys.end.90': 'for 90 days',
  'setup.keys.end.365': 'for a year',
  'setup.keys.cap': 'Credits a month',
  'setup.keys.cap.none': 'no cap',
  'setup.keys.seat': 'Seat',
  'setup.keys.models': 'Only these models',
  'setup.keys.models.all': 'all, or ids with commas between them',
  'setup.keys.create': 'Create key',
  'setup.usage.title': 'Usage',
  'setup.usage.refresh': 'Refresh',
  'setup.models.title': 'Models',
  'setup.seats.title': 'Seats',
  'setup.seats.add': 'Add a seat',
  'setup.seats.intro':
    'The GitHub accounts that you have linked. A tool uses {0}, unless its key is bound to another seat, '
    + 'or it sends the header {1}. Test, quota, models and chat on these pages use {2}.',
  'setup.devices.title': 'Devices',
  'setup.phone.offer': 'Sign in a phone',
  'setup.devices.intro':
    'The browsers that are signed in to these pages, ten at most. Revoke one that you have lost. It is '
    + 'signed out within three minutes.',
  'setup.account.title': 'Account',
  'setup.relink.heading': 'GitHub link',
  'setup.relink.intro':
    'Link again when GitHub has revoked the token of the seat {0}, or to use another account there. Name '
    + 'and password stay.',
  'setup.relink.open': 'Link GitHub again',
  'setup.rotate.heading': 'Password',
  'setup.rotate.intro':
    'Makes a new one. The old one stops working within three minutes, and other browsers are signed out; '
    + 'keys stay.',
  'setup.rotate.open': 'Change password',
  'setup.delete.heading': 'Delete',
  'setup.delete.intro':
    'Deletes this user here, with all GitHub tokens, keys, devices and usage. Your GitHub accounts are '
    + 'not touched.',
  'setup.delete.open': 'Delete user',
  'setup.phone.title': 'Sign in on this device?',
  'setup.phone.ask':
    'You opened a code that another device shows. Go on only if that device is yours: you become the user '
    + 'whose code it is.',
  'setup.cancel': 'Cancel',
  'setup.relink.password': 'Your password',
  'setup.save': 'Save',
  'setup.rotate.ask':
    'The page makes a new password and shows it once. Other signed-in browsers are signed out; keys stay.',
  'setup.rotate.password': 'Your current password',
  'setup.rotate.save': 'Make a new password',
  'setup.revoke.title': 'Revoke this key?',
  'setup.revoke.ask': 'Tools that use {0} stop working.',
  'setup.revoke': 'Revoke',
  'setup.seats.name': 'Name',
  'setup.seats.name.example': 'e.g. work',
  'setup.seats.name.hint': 'Lower-case letters, digits and hyphens.',
  'setup.unlink.title': 'Remove this seat?',
  'setup.unlink.ask': 'Keys that are bound to {0} stop working. The GitHub account itself is not touched.',
  'setup.unlink.save': 'Remove',
  'setup.delete.title': 'Delete this user?',
  'setup.delete.ask': 'Tools that use it stop working. This cannot be undone.',
  'setup.delete.password': 'Type your password to confirm',

  // The page.
  'setup.title.tab': 'Copilot Proxy · {tab}',
  'setup.fact.sealed': 'GitHub token sealed with your password',
  'setup.fact.cookie': 'One cookie, for your sign-in; the page loads nothing from other sites',
  'setup.fact.chat': 'Includes a chat in the browser',
  'setup.home.back': 'Welcome back, {username}',
  'setup.home.new': 'Welcome, {username}',
  'setup.once': 'The page shows it only this once.',
  'setup.never': 'never',
  'setup.unknown': 'unknown',
  'setup.of': '{part} of {all}',
  'setup.copy-report': 'Copy report',
  'setup.key.what': 'the key',
  'setup.password.what': 'the password',
  'setup.password.wrong': 'That is not the password. Nothing was changed.',
  'setup.password.whole': 'Type the whole password: acpc- and ten letters or digits.',
  'setup.password.form': 'A password is acpc- and ten letters or digits.',
  'setup.username.enter': 'Enter your user name.',
  'setup.spreading': 'Your new access is spreading through Cloudflare’s network; this can take a minute. Trying again… '
    + '({seconds} s)',
  'setup.rename': 'Rename',
  'setup.rename.what': 'Rename {name}',
  'setup.rename.new': 'New name of {name}',
  'setup.revoke.what': 'Revoke {name}',
  'setup.column.name': 'Name',
  'setup.column.last-used': 'Last used',
  'setup.column.ends': 'Ends',
  'setup.column.seat': 'Seat',
  'setup.column.credits': 'Credits this month',
  'setup.column.github': 'GitHub account',
  'setup.column.plan': 'Plan',
  'setup.column.signed-in': 'Signed in',
  'setup.column.model': 'Model',

  // Messages at the top of the page, by state.
  'setup.state.saved': 'Saved. Sign in with your user name and password to see your settings.',
  'setup.state.saved-unchecked':
    'Saved, but GitHub could not be reached to check the token. Sign in and run the connection test in a ' + 'minute.',
  'setup.state.signed-out': 'You signed out in another tab.',
  'setup.state.deleted': 'The user and its GitHub token are deleted.',
  'setup.state.invalid':
    'This proxy cannot use that token: it must begin with ghu_, gho_ or github_pat_. Link GitHub below to '
    + 'get one.',
  'setup.state.invalid-username':
    'That user name is reserved or malformed. Use lower-case letters and digits, with single hyphens '
    + 'between them.',
  'setup.state.invalid-password': 'That password has the wrong format. The page makes a valid one for you.',
  'setup.state.auth-failed':
    'User name or password is wrong, or this proxy takes no new user without a code or an invite. Nothing '
    + 'was changed.',
  'setup.state.cross-site':
    'That request came from another site, so the proxy refused it. Use the form on this page. Behind a '
    + 'reverse proxy, the operator sets PUBLIC_ORIGIN.',
  'setup.state.rate-limited': 'This server: too many tries came from your address. Wait a few minutes.',
  'setup.state.kv-missing':
    'This server: its store is not configured yet, so nobody can register. On Node, set CF_API_TOKEN, '
    + 'CF_ACCOUNT_ID and CF_KV_NAMESPACE_ID, or STORE=sqlite, and start again. On Cloudflare Workers, bind '
    + 'a KV namespace as TOKEN_KV.',
  'setup.state.store-unavailable': 'This server: its store does not answer at the moment. Try again in a minute.',
  'setup.state.github-rejected':
    'GitHub does not accept the token, or the account has no Copilot. Link an account that has a seat; '
    + 'nothing was saved.',
  'setup.state.draining': 'This server is restarting. Reload in a moment.',
  'setup.state.unreachable': 'Browser or network: the proxy does not answer. Is it running, and are you online?',
  'setup.state.invalid-invite': 'That invite is incomplete. Copy the whole link, and open it again.',

  // Linking GitHub.
  'setup.link.intro': 'You approve on github.com with a short code. This page never sees your GitHub password.',
  'setup.link.start': 'Link GitHub',
  'setup.link.paste': 'Paste a token instead',
  'setup.link.instead': 'Link GitHub instead',
  'setup.link.token': 'GitHub token',
  'setup.link.token.example': 'ghu_…, gho_… or github_pat_…',
  'setup.link.token.hint':
    'A token of a Copilot app (ghu_, gho_), or a fine-grained personal token (github_pat_) of your own '
    + 'account with the permission Copilot Requests. Classic tokens (ghp_) do not work.',
  'setup.link.requesting': 'Asking GitHub for a code…',
  'setup.link.enter': 'Open GitHub, enter the code, then come back here.',
  'setup.link.waiting': 'Waiting for you to approve on GitHub…',
  'setup.link.slower': 'GitHub asks the page to wait longer. Still waiting…',
  'setup.link.offline': 'No answer just now. Trying again…',
  'setup.link.denied': 'Access was denied on GitHub. Start again if that was not intended.',
  'setup.link.expired': 'The code expired. Start again for a new one.',
  'setup.link.cancelled': 'Cancelled',
  'setup.link.open': 'Copy code and open GitHub',
  'setup.link.code': 'Your code',
  'setup.link.code.what': 'the code',
  'setup.link.left': 'Expires in {time}',
  'setup.link.done': 'GitHub is linked',
  'setup.link.other': 'Use another account',
  'setup.link.failed': 'Linking failed. {why}',
  'setup.link.first': 'Link your GitHub account first.',
  'setup.link.running': 'Finish linking first.',
  'setup.link.classic':
    'That is a classic personal access token, which Copilot never accepts. Link GitHub instead, or paste '
    + 'a fine-grained token (github_pat_) with the permission Copilot Requests.',
  'setup.link.unusable':
    'This proxy cannot use that token: it must begin with ghu_, gho_ or github_pat_. Link GitHub to get ' + 'one.',

  // Registration and signing in.
  'setup.register.new': 'New',
  'setup.register.invite': 'From your invite. It works once.',
  'setup.register.code.hint': 'The operator of this proxy gives it to you.',
  'setup.register.unfinished': 'GitHub is not linked yet. Finish step 1, or cancel it.',
  'setup.register.only': 'You are registered, but not signed in. Keep the password above, and sign in with it. {why}',
  'setup.register.address': 'Your address will be {address}',
  'setup.register.bad-code':
    'The code is wrong or used, or the name is taken and has another password. Ask the operator for a '
    + 'code, or sign in if the name is yours.',
  'setup.register.taken':
    'This name is taken, and has another password. Choose another name, or sign in if it is yours.',
  'setup.register.unchecked':
    'Saved, but GitHub could not be reached to check the token. Run the connection test below in a ' + 'minute.',
  'setup.closed.bad': 'This is no invite: paste the whole link, or the code that begins with acpi-.',
  'setup.sign-in.cookies': 'The browser did not keep the sign-in. Allow cookies for this address, and try again.',
  'setup.sign-in.limited': 'This server: too many wrong passwords came from your address. Wait a minute.',
  'setup.sign-in.wrong': 'User name or password is wrong.',
  'setup.sign-in.spreading':
    'If you registered or changed the password within the last minute on another device, wait a moment '
    + 'and try again.',
  'setup.again.title': 'Sign in again',
  'setup.again.leave': 'Leave',
  'setup.again.reason': '{why} Sign in as {name} to go on; what you typed is kept.',
  'setup.again.wrong': 'That is not the password.',
  'setup.relink.done': 'GitHub is linked again.',
  'setup.rotate.done': 'The password has changed. Other browsers are signed out; keys stay.',

  // Signing in a phone.
  'setup.phone.qr': 'The sign-in link as a QR code',
  'setup.phone.scan': 'Scan the code with the phone’s camera, and open the link.',
  'setup.phone.once': 'It signs one device in, once, and only while it is shown here. Show it to nobody.',
  'setup.phone.loopback': 'A phone cannot reach {host}: open this page by an address that it can reach.',
  'setup.phone.copy': 'Copy the link',
  'setup.phone.hide': 'Hide the code',
  'setup.phone.over': 'The code is over. Press the button for a new one.',
  'setup.phone.done': '{device} is signed in.',
  'setup.phone.now': '{username} is signed in with this browser, and will be signed out.',
  'setup.phone.used':
    'This code is used, or its two minutes are over. Show a new one on the other device, and open that.',

  // Access and tools.
  'setup.access.note':
    'A tool needs an address and a key. Below you can create a key for each tool. This page does not keep '
    + 'your password.',
  'setup.access.new':
    'Copy the password now and keep it safe. The page shows it only this once, and nobody can recover it.',
  'setup.access.openai': 'Base URL (OpenAI)',
  'setup.access.openai.what': 'the OpenAI base URL',
  'setup.access.anthropic': 'Base URL (Anthropic)',
  'setup.access.anthropic.what': 'the Anthropic base URL',
  'setup.access.username.what': 'the user name',
  'setup.tool.free': 'Free',
  'setup.tool.others': 'Others',
  'setup.tool.free-model': '{name} · free',
  'setup.tool.line': 'Terminal: one line that sets everything up, and asks first',
  'setup.tool.line.powershell': 'PowerShell: one line that sets everything up, and asks first',
  'setup.tool.terminal': 'In a terminal',
  'setup.tool.before': 'In the terminal, before you start it',
  'setup.tool.codex':
    'By hand: without the file of models Codex guesses the window, the efforts and the tools of each. '
    + 'Save it next to config.toml, put its full path into the third line, and remove the # there.',
  'setup.tool.cursor': 'Cursor Settings → Models → API Keys. Fill in, switch both on, and add the model by name.',
  'setup.tool.cursor.note':
    'Cursor calls this address from its own servers, which cannot reach a local or plain http:// address. '
    + 'Put the proxy behind https, or use a tunnel.',
  'setup.tool.open-webui': 'Admin Settings → Connections → OpenAI API → add a connection, or start it with these:',
  'setup.tool.open-webui.note':
    'Inside a container, localhost is the container itself, and host.docker.internal is this machine. The '
    + 'proxy must listen on more than loopback (HOST=0.0.0.0).',
  'setup.tool.copilot.note':
    'Copilot CLI reads its provider from the environment alone: load the file in each terminal, or in '
    + 'your shell’s profile.',
  'setup.tool.zed.note':
    'Zed does not read keys from its settings: enter the key under Agent Settings → LLM Providers → '
    + 'Copilot Proxy, or start Zed with COPILOT_PROXY_API_KEY in its environment.',
  'setup.tool.vscode.note':
    'Restart VS Code if the models do not appear in the picker. “Chat: Manage Language Models” shows '
    + 'them, and can move the key into secret storage.',
  'setup.tool-key.create': 'Create a key for {tool}',
  'setup.tool-key.replace': 'Replace the key for {tool}',
  'setup.tool-key.earlier':
    'You have a key named “{name}”. The page cannot show it again; a new one takes its place, and the old '
    + 'one stops working.',
  'setup.tool-key.connected':
    'The command makes a key by itself. To fill in the settings by hand, create one for {tool}.',
  'setup.tool-key.needed': '{tool} needs a key of its own. You can revoke it without touching your other tools.',
  'setup.tool-key.new': 'The settings below have the new key now.',
  'setup.catalogue.save': 'Save {name}',
  'setup.catalogue.failed': 'The list could not be loaded. {why}',
  'setup.catalogue.saved': { one: 'Saved {count} model.', other: 'Saved {count} models.' },

  // The connection test.
  'setup.check.pass': 'passed',
  'setup.check.fail': 'failed',
  'setup.check.skip': 'not run',
  'setup.check.run': 'running',
  'setup.check.good': 'Everything works.',
  'setup.check.bad': 'A step failed. The list above says what to do.',
  'setup.check.proxy': 'This proxy and its store',
  'setup.check.session': 'Your session',
  'setup.check.token': 'GitHub token',
  'setup.check.seat': 'Copilot seat',
  'setup.check.host': 'Copilot’s host',
  'setup.check.models': 'Models',
  'setup.check.answer': 'A short answer',
  'setup.check.ready': 'Ready, store: {store}',
  'setup.check.ended': 'The session has ended. Sign in, and run the test again.',
  'setup.check.limited':
    'This server: too many wrong passwords came from your address. Wait a minute and run the test again.',
  'setup.check.accepted': 'Accepted',
  'setup.check.relink': 'Use “Link GitHub again” under Account.',
  'setup.check.firewall': 'A firewall may be in between: this server must reach {host}.',
  'setup.check.valid': 'Valid',
  'setup.check.valid-of': 'Valid, of {login}',
  'setup.check.no-seat': 'GitHub gives this account no Copilot token: there is no seat, or a policy forbids it. See '
    + 'github.com/settings/copilot, or link another account.',
  'setup.check.found': 'Found',
  'setup.check.reached': 'Reached',
  'setup.check.no-model': 'Copilot has models for this seat, but no chat model is enabled. Enable some at '
    + 'github.com/settings/copilot, or ask your organisation.',
  'setup.check.count': { one: '{count} model, {free} of them free', other: '{count} models, {free} of them free' },
  'setup.check.none-free': 'Left out: no model of this seat is free.',
  'setup.check.asking': 'Asking {model}…',
  'setup.check.empty': 'Copilot: {model} sent an empty answer. Try again, or try another model in the chat.',
  'setup.check.answered': '{model} answered: “{text}”',
  'setup.check.kv-missing':
    'This server: its store is not configured. Set CF_API_TOKEN, CF_ACCOUNT_ID and CF_KV_NAMESPACE_ID, or '
    + 'STORE=sqlite.',
  'setup.check.draining': 'This server is restarting. Run the test again in a moment.',
  'setup.check.store':
    'This server: its store does not answer. The proxy’s log says why; with Cloudflare KV, check the API '
    + 'token and cloudflarestatus.com.',
  'setup.witness.open': 'Compare Copilot with this project’s notes…',
  'setup.witness.ask': 'Ask them',
  'setup.witness.asking': 'Asking Copilot. This takes up to a minute…',
  'setup.witness.intro': {
    one: 'The witness asks your seat {count} small question and compares the answer with this project’s notes '
      + 'on Copilot. A free model answers {free} of them in at most 256 tokens: nothing on paid plans, {free} '
      + 'chat requests on Copilot Free.',
    other: 'The witness asks your seat {count} small questions and compares the answers with this project’s '
      + 'notes on Copilot. A free model answers {free} of them in at most 256 tokens: nothing on paid plans, '
      + '{free} chat requests on Copilot Free.',
  },
  'setup.witness.list': 'What it asks',
  'setup.witness.free': '{asks} (a free model answers)',
  'setup.witness.summary': {
    one: '{count} fact as expected, {different} different, {found} new.',
    other: '{count} facts as expected, {different} different, {found} new.',
  },
  'setup.witness.different': 'Different',
  'setup.witness.seen': '{says} Seen: {seen}.',
  'setup.witness.models': 'New models',
  'setup.witness.fields': 'New fields',
  'setup.witness.headers': 'New headers',
  'setup.witness.skipped': 'Not asked',
  'setup.witness.what': 'of the witness',

  // Keys, seats, devices.
  'setup.keys.count': { one: '{count} key of {most}', other: '{count} keys of {most}' },
  'setup.keys.none': 'No keys yet. Create one for each tool.',
  'setup.keys.no-name': 'Give the key a name, such as that of the tool.',
  'setup.keys.no-number': 'The credits are a number, such as 500.',
  'setup.keys.copy': 'Copy the key now.',
  'setup.keys.table': 'Your keys',
  'setup.keys.open-end': 'when revoked',
  'setup.keys.ended': 'ended on {day}',
  'setup.keys.all': 'all',
  'setup.keys.seat.any': 'by header, else default',
  'setup.seats.bad-name': 'A name has lower-case letters, digits and single hyphens between them.',
  'setup.seats.count': '{count} seats of {most}',
  'setup.seats.again': 'Link “{name}” again',
  'setup.seats.again.what': 'Link again: {name}',
  'setup.seats.link-again': 'Link again',
  'setup.seats.linked': '“{name}” is linked.',
  'setup.seats.unchecked': '“{name}” is saved, but GitHub could not be reached to check the token.',
  'setup.seats.removed': '“{name}” is removed.',
  'setup.seats.table': 'Your seats',
  'setup.seats.unknown': 'not shown by GitHub',
  'setup.seats.broken': 'not working',
  'setup.seats.remove.what': 'Remove {name}',
  'setup.devices.count': { one: '{count} device', other: '{count} devices' },
  'setup.devices.table': 'Your devices',
  'setup.devices.revoke-this': 'Revoke this device',
  'setup.devices.revoke': 'Revoke {name}, signed in on {day}',
  'setup.devices.this': 'this device',
  'setup.devices.closes': 'when the browser closes',

  // Models.
  'setup.models.free': 'Free',
  'setup.models.vision': 'Vision',
  'setup.models.tools': 'Tools',
  'setup.models.recommended': 'Recommended',
  'setup.models.loading': 'Loading models…',
  'setup.models.failed': 'Models could not be loaded. {why}',
  'setup.models.none': 'Copilot offers this account no models.',
  'setup.models.why': 'The connection test says why.',
  'setup.models.search': 'Search models',
  'setup.models.count': { one: '{count} model', other: '{count} models' },
  'setup.models.found': { one: '{found} of {count} model', other: '{found} of {count} models' },
  'setup.models.no-match': 'No model matches.',
  'setup.models.all': 'Show all',
  'setup.models.table': 'Table of models',
  'setup.models.price': 'Price',
  'setup.models.context': 'Context',
  'setup.models.endpoints': 'Endpoints',
  'setup.models.can': 'Can',
  'setup.models.settings': 'Settings',
  'setup.models.can.vision': 'vision',
  'setup.models.can.tools': 'tools',
  'setup.models.can.reasoning': 'reasoning',
  'setup.models.can.embeddings': 'embeddings',
  'setup.models.can.completion': 'completion only',
  'setup.models.can.no-streaming': 'no streaming',
  'setup.models.preview': 'preview',
  'setup.models.output': 'Answers are limited to {tokens} of these tokens',
  'setup.models.consent': 'needs consent',
  'setup.models.consent.why':
    'Nobody has accepted its terms for this seat. Enable it at github.com/settings/copilot, or ask your '
    + 'organisation.',
  'setup.models.copy': 'Copy id',
  'setup.models.copy.what': 'of {id}',
  'setup.models.use': 'Use',
  'setup.models.use.what': 'Use {id} in the settings of tools',
  'setup.models.free.badge': 'free',
  'setup.models.credits': '{input} / {output} credits',
  'setup.models.credits.why': 'AI credits per million tokens: input / output',
  'setup.models.multiplier.why': 'Premium requests that each of your requests costs',

  // Usage.
  'setup.usage.asking': 'Asking GitHub…',
  'setup.usage.chat': 'Chat',
  'setup.usage.completions': 'Code completions',
  'setup.usage.premium': 'Premium requests',
  'setup.usage.premium-models': 'Premium models',
  'setup.usage.seat': 'seat',
  'setup.usage.of': ' of {login}',
  'setup.usage.resets': ' · resets on {date}',
  'setup.usage.free':
    'On Copilot Free every request counts, also those to “free” models. A coding agent uses up a month’s '
    + 'quota in a day.',
  'setup.usage.no-quota': 'GitHub shows no quota to this kind of token. See github.com/settings/copilot.',
  'setup.usage.no-buckets':
    'GitHub names no quotas for this account. Organisations that pay by the token see theirs on ' + 'github.com.',
  'setup.usage.proxy': 'Through this proxy',
  'setup.usage.ai-credits': 'AI credits',
  'setup.usage.premium-requests': 'premium requests',
  'setup.usage.reconciled':
    'Since {since}, Copilot counted {copilot} {unit} and this proxy {counted}: {difference}. Copilot also '
    + 'counts other tools on the same seat.',
  'setup.usage.extra': 'extra',
  'setup.usage.unlimited': 'Unlimited',
  'setup.usage.not-in-plan': 'Not part of this plan',
  'setup.usage.free-plan': 'Copilot Free',
  'setup.usage.more': '{extra} more than included',
  'setup.usage.billed': '{extra} more than included, billed',
  'setup.usage.bills': 'further requests are billed',
  'setup.usage.bucket-resets': 'resets on {date}',
  'setup.usage.left': ' of {all} left',
  'setup.usage.meter': '{name} left',
  'setup.usage.percent': '{percent} % left',
  'setup.usage.pace': 'At this pace, {used} will be used by the reset.',
  'setup.usage.runs-out': 'At this pace, nothing is left from {date} on.',
  'setup.usage.nothing-yet':
    'Nothing yet. The counts begin with your first request, and start again at zero when the proxy ' + 'restarts.',
  'setup.usage.since-start': {
    one: '{count} request · {credits} AI credits (1 credit = 0.01 USD) since the proxy started',
    other: '{count} requests · {credits} AI credits (1 credit = 0.01 USD) since the proxy started',
  },
  'setup.usage.total': {
    one: '{count} request · {credits} AI credits (1 credit = 0.01 USD)',
    other: '{count} requests · {credits} AI credits (1 credit = 0.01 USD)',
  },
  'setup.usage.by-model': 'Requests by model',
  'setup.usage.requests': 'Requests',
  'setup.usage.requests.some': 'requests',
  'setup.usage.tokens': 'Tokens',
  'setup.usage.tokens.some': 'tokens',
  'setup.usage.input-tokens': 'Input tokens',
  'setup.usage.cached-input': 'Cached input',
  'setup.usage.output-tokens': 'Output tokens',
  'setup.usage.input': 'Input',
  'setup.usage.cached': 'Cached',
  'setup.usage.output': 'Output',
  'setup.usage.errors': 'Errors',
  'setup.usage.reasoning': 'Reasoning',
  'setup.usage.credits': 'Credits',
  'setup.usage.searches': 'Searches',
  'setup.usage.by': 'Usage by {split}',
  'setup.usage.by-day': 'Usage by day',
  'setup.usage.day': 'Day',
  'setup.usage.all': 'All',
  'setup.usage.key': 'Key',
  'setup.usage.client': 'Client',
  'setup.usage.days': { one: '{count} day', other: '{count} days' },
  'setup.usage.this-page': 'This page',
  'setup.usage.revoked': 'revoked key {key}',
  'setup.usage.others': { one: '{count} other', other: '{count} others' },
  'setup.usage.show': 'Show',
  'setup.usage.split': 'By',
  'setup.usage.last': 'Last',
  'setup.usage.csv': 'Save as CSV',
  'setup.usage.nothing': 'Nothing in these days. The counts begin with your first request.',
  'setup.usage.chart': '{total} {what} from {from} to {to}, by {split}. The table “Figures of each day” has the same '
    + 'numbers.',
  'setup.usage.none-of': 'No {what} in these days.',
  'setup.usage.figures': 'Figures of each day',
  'setup.usage.bar': '{day}: {name}, {value}',
  'setup.usage.cap':
    'The key “{name}” has used up its {cap} credits of this month. Its calls are refused until you raise ' + 'the cap.',
  'setup.usage.near-cap': 'The key “{name}” has used {used} of its {cap} credits of this month ({percent} %).',
}
