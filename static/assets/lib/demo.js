// A demo says that it is one, on every page: nothing there is kept, and its answers come from no model.
import { h } from './dom.js'
import { t } from './text.js'
/** @import { ServerState } from '../types.d.ts' */

/** @param {Pick<ServerState, 'demo'>} state */
export function drawDemo ({ demo }) {
  if (!demo || document.getElementById('demo') !== null) return
  document.querySelector('header.top')?.after(
    h('aside', { class: 'demo', id: 'demo', 'aria-label': t('demo.label') }, h('strong', {}, t('demo.title')), ' ',
      t('demo.text')),
  )
}
