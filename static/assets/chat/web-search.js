// The switch that lets the model search the web. It is shown only if the seat can search.
import { byId, h, icon, show } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { canSearchWeb } from './models.js'
/** @import { Conversation, Model } from '../types.d.ts' */

/** @param {(isOn: boolean) => void} onChange */
export function createWebSwitch (onChange) {
  const button = byId('web')
  button.replaceChildren(icon('globe'), h('span', { class: 'offscreen' }, t('chat.web')))
  button.title = t('chat.web')
  button.addEventListener('click', () => {
    const isOn = button.getAttribute('aria-pressed') !== 'true'
    button.setAttribute('aria-pressed', String(isOn))
    onChange(isOn)
  })
  return {
    /**
     * @param {Conversation} conversation
     * @param {readonly Model[]} models of the seat
     */
    draw (conversation, models) {
      show(button, canSearchWeb(models))
      button.setAttribute('aria-pressed', String(conversation.search === true))
    },
  }
}
