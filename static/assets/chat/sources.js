// The pages of the web that an answer cites.
import { h } from '../lib/dom.js'
import { t } from '../lib/text.js'
/** @import { Source } from '../types.d.ts' */

/**
 * Stored and imported answers are hostile: only links to the web are drawn.
 * @param {readonly Source[]} sources
 */
export function drawSources (sources) {
  const links = sources.filter(({ url }) => /^https?:\/\//i.test(url)).map(({ url, title }) =>
    h('li', {},
      h('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow' }, title === '' ? url : title), ' ',
      h('span', { class: 'muted' }, hostOf(url)))
  )
  return links.length === 0
    ? []
    : [
      h('section', { class: 'sources', 'aria-label': t('chat.sources') },
        h('h3', {}, t('chat.sources.count', { count: links.length })), h('ol', {}, links)),
    ]
}

/** @param {string} url */
function hostOf (url) {
  return /^https?:\/\/(?:www\.)?([^/?#]+)/i.exec(url)?.[1] ?? ''
}
