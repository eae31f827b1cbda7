// Deletes a conversation, and gives it back if the user presses Undo in time.
import { t } from '../lib/text.js'
import { titleOf } from './conversation.js'
import { createToast } from './toast.js'
/** @import { Conversation } from '../types.d.ts' */
/** @import { Library } from './library.js' */

/**
 * @param {{
 *   place: HTMLElement, library: Library, onHidden: (conversation: Conversation) => Promise<void>,
 *   onBack: (conversation: Conversation) => unknown,
 * }} page `onHidden` is called while the conversation may still be on the screen
 */
export function createDeletion ({ place, library, onHidden, onBack }) {
  const toast = createToast(place)
  window.addEventListener('pagehide', () => toast.end())
  return {
    /** @param {Conversation} conversation */
    async remove (conversation) {
      await library.hide(conversation)
      await onHidden(conversation)
      toast.show({
        text: t('history.deleted', { title: titleOf(conversation) }),
        button: t('history.undo'),
        onEnd: () => library.purge(conversation),
        onButton: async () => {
          await library.save(conversation)
          await onBack(conversation)
        },
      })
    },
    /** Deletes for good what the user could still bring back. */
    end: () => toast.end(),
  }
}
