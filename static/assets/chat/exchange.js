// Export and import of conversations. Their code is loaded when it is needed.
import { byId, h } from '../lib/dom.js'
import { signedIn } from '../lib/session.js'
import { t } from '../lib/text.js'
/** @import { Conversation } from '../types.d.ts' */
/** @import { Skips } from './import/skips.js' */
/** @import { Library } from './library.js' */

/**
 * @param {{ library: Library, say: (text: string) => void, onTaken: (conversations: readonly Conversation[]) => void }}
 *   page `onTaken`: the conversations that were added or have new messages
 */
export function createExchange ({ library, say, onTaken }) {
  const dialog = byId('import-dialog')
  byId('import-close').addEventListener('click', () => dialog.close())
  return { save, read }

  async function save () {
    const { download } = await import('./transfer.js')
    const all = library.list()
    for (const conversation of all) await library.open(conversation)
    download(all, `chats-${new Date().toISOString().slice(0, 10)}`)
  }

  /** @param {File} file */
  async function read (file) {
    say(t('import.reading'))
    try {
      const [{ readFile }, { createTaker }] = await Promise.all([import('./import/read.js'),
        import('./import/take.js')])
      const { conversations, skips } = await readFile(file, signedIn().username)
      const taken = await createTaker(library, skips).take(conversations)
      onTaken(taken)
      say('')
      report(taken.length, conversations.length, skips)
    } catch (thrown) {
      say(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }

  /**
   * @param {number} taken
   * @param {number} read
   * @param {Skips} skips
   */
  function report (taken, read, skips) {
    byId('import-count').textContent = t('import.done', { taken, count: read })
    const rows = skips.list()
    byId('import-skipped').replaceChildren(
      ...rows.map(({ reason, count, examples }) =>
        h('li', {}, h('span', {}, t('import.skipped', { reason, count })),
          examples.length === 0 ? null : h('span', { class: 'muted' }, examples.join(' · ')))
      ),
    )
    byId('import-note').textContent = rows.length === 0 ? t('import.complete') : t('import.left-out')
    dialog.showModal()
  }
}
