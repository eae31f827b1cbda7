// What is attached, as small cards: pictures as pictures, files by name.
import { h, icon } from '../lib/dom.js'
import { bytes } from '../lib/format.js'

/** @param onRemove where they can be taken away again */
export function drawFiles (files, onRemove) {
  return h('ul', { class: 'files', 'aria-label': 'Attachments' }, files.map(file => h('li', { class: file.kind },
    file.kind === 'image' && typeof file.data === 'string' && file.data.startsWith('data:image/')
      ? h('img', { src: file.data, alt: file.name })
      : h('span', { class: 'kind', 'aria-hidden': 'true' }, file.kind === 'pdf' ? 'PDF' : file.kind === 'image' ? 'IMG' : 'TXT'),
    h('span', { class: 'name' }, h('span', {}, file.name), h('span', { class: 'muted' }, bytes(file.size))),
    onRemove ? h('button', { type: 'button', class: 'quiet small square', 'aria-label': `Remove ${file.name}`, onclick: () => onRemove(file) }, icon('cross')) : null)))
}
