// The dialog that lists the keyboard shortcuts.
import { h, openDialog } from '../lib/dom.js'
import { t } from '../lib/text.js'

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)
const command = isApple ? '⌘' : 'Ctrl'

const shortcuts =
  /** @type {const} */ ([[['Enter'], 'chat.keys.send'], [['Shift', 'Enter'], 'chat.keys.line'], [['Esc'],
    'chat.keys.stop'], [['↑'], 'chat.keys.edit'], [['/'], 'chat.keys.write'], [[command, 'K'], 'chat.keys.search'], [[
    command,
    'Shift',
    'O',
  ], 'chat.keys.new'], [['M'], 'chat.keys.model'], [['?'], 'chat.keys.help']])

export function showKeys () {
  const dialog = h('dialog', { class: 'keys-help', 'aria-labelledby': 'keys-help-title' })
  dialog.append(h('h2', { id: 'keys-help-title' }, t('chat.keys')),
    h('dl', {},
      shortcuts.flatMap((
        [keys, text],
      ) => [h('dt', {}, keys.flatMap((key, at) => [at === 0 ? '' : ' + ', h('kbd', {}, key)])), h('dd', {}, t(text))])),
    h('div', { class: 'ends' },
      h('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, t('chat.close'))))
  openDialog(dialog)
}
