// Attachments as small cards: pictures as pictures, other files by name.
import { h, icon } from '../lib/dom.js'
import { bytes } from '../lib/format.js'
/** @import { Attachment } from '../types.d.ts' */

const kinds = { image: 'IMG', pdf: 'PDF', text: 'TXT' }

/**
 * @param {readonly Attachment[]} files
 * @param {(file: Attachment) => void} [onRemove] if the user can remove them
 */
export function drawFiles (files, onRemove) {
  return h('ul', { class: 'files', 'aria-label': 'Attachments' },
    files.map(file =>
      h('li', { class: file.kind }, file.kind === 'image' && file.data?.startsWith('data:image/')
        ? h('img', { src: file.data, alt: file.name })
        : h('span', { class: 'kind', 'aria-hidden': 'true' }, kinds[file.kind]),
        h('span', { class: 'name' }, h('span', {}, file.name), h('span', { class: 'muted' }, bytes(file.size))),
        onRemove
          ? h('button', { type: 'button', class: 'quiet small square', 'aria-label': `Remove ${file.name}`,
            onclick: () =>
              onRemove(file) }, icon('cross'))
          : null)
    ))
}
