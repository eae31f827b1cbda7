// What every page has around its content: the language, the theme, the service worker, and a line that says so while
// the server does not answer.
import { byId, h, icon } from './dom.js'
import { languageMenu } from './language-menu.js'
import { startWorker } from './offline.js'
import { watchReach } from './reach.js'
import { t } from './text.js'
import { themeButton } from './theme.js'

export function setUpFrame () {
  languageMenu(byId('language'))
  themeButton(byId('theme'))
  const line = h('div', { class: 'away', role: 'status' })
  document.querySelector('.top')?.after(line)
  watchReach(isReachable => {
    line.replaceChildren(...isReachable ? [] : [icon('warn'), h('p', {}, t('away.text'))])
  })
  startWorker()
}
