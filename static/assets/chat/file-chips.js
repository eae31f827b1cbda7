// Attachments as small cards: pictures as pictures, which open large, and other files by name.
import { h, icon } from '../lib/dom.js'
import { bytes } from '../lib/format.js'
import { t } from '../lib/text.js'
import { enlargeable } from './picture.js'
/** @import { Attachment } from '../types.d.ts' */

const kinds = { image: 'IMG', pdf: 'PDF', text: 'TXT', word: 'DOC', sheet: 'XLS', slides: 'PPT' }
const units = /** @type {const} */ ({ pdf: 'chat.file.pages', sheet: 'chat.file.sheets', slides: 'chat.file.slides' })

/**
 * @param {readonly Attachment[]} files
 * @param {(file: Attachment) => void} [onRemove] if the user can remove them
 */
export function drawFiles (files, onRemove) {
  return h('ul', { class: 'files', 'aria-label': t('chat.file.list') },
    files.map(file =>
      h('li', { class: file.kind }, file.kind === 'image' && file.data?.startsWith('data:image/')
        ? enlargeable(h('img', { src: file.data, alt: file.name }))
        : h('span', { class: 'kind', 'aria-hidden': 'true' }, kinds[file.from ?? file.kind]),
        h('span', { class: 'name' }, h('span', { title: file.name }, file.name),
          h('span', { class: 'muted' }, detailOf(file))), onRemove
        ? h('button', { type: 'button', class: 'quiet small square',
          'aria-label': t('chat.file.remove', { name: file.name }), onclick: () =>
            onRemove(file) }, icon('cross'))
        : null)
    ))
}

/**
 * What is sent of a file: for a text its length, else its size.
 * @param {Attachment} file
 */
function detailOf ({ from, pages = 0, chars, size }) {
  if (chars === undefined) return bytes(size)
  const unit = from === undefined || from === 'word' || pages === 0 ? [] : [t(units[from], { count: pages })]
  return [...unit, t('chat.file.chars', { count: chars })].join(' · ')
}
