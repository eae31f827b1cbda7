// Pictures that open large in a dialog. Escape, the button and a click next to the picture close it.
import { h, icon, openDialog } from '../lib/dom.js'
import { t } from '../lib/text.js'

/**
 * The picture in a button that opens it.
 * @param {HTMLImageElement} picture
 */
export function enlargeable (picture) {
  const name = picture.alt
  const button = h('button', { type: 'button', class: 'enlarge',
    'aria-label': name === '' ? t('chat.picture.enlarge') : t('chat.picture.enlarge.named', { name }),
    onclick: () => enlarge(picture.src, name) })
  button.append(picture.cloneNode())
  return button
}

/**
 * @param {string} src
 * @param {string} name may be empty
 */
export function enlarge (src, name) {
  const dialog = h('dialog', { class: 'large', 'aria-label': name === '' ? t('chat.picture') : name })
  dialog.append(
    h('button', { type: 'button', class: 'square', 'aria-label': t('chat.close'), onclick: () => dialog.close() },
      icon('cross')),
    h('div', { class: 'large-scroll', tabindex: '0', role: 'group', 'aria-label': t('chat.picture') },
      h('img', { src, alt: name })),
  )
  dialog.addEventListener('click', event => {
    if (event.target instanceof Element && !event.target.matches('img, button, button *')) dialog.close()
  })
  openDialog(dialog)
}
