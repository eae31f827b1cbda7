// Puts imported conversations into the library. A conversation that is there already gets the versions that it lacks:
// neither side loses anything.
import { t } from '../../lib/text.js'
import { newId, titleOf } from '../conversation.js'
import { findConversation } from '../database.js'
import { nextOrder, showVersion } from '../tree.js'
/** @import { Conversation } from '../../types.d.ts' */
/** @import { Library } from '../library.js' */
/** @import { Skips } from './skips.js' */

/**
 * @param {Library} library
 * @param {Skips} skips
 */
export function createTaker (library, skips) {
  return {
    /**
     * @param {readonly Conversation[]} conversations
     * @returns {Promise<Conversation[]>} those that are new or have new messages
     */
    async take (conversations) {
      const taken = []
      for (const incoming of conversations) {
        const known = library.find(incoming.id)
        const one = known === undefined ? await asOwn(incoming) : await merge(known, incoming)
        if (one === null) {
          skips.add(t('import.known'), titleOf(incoming))
          continue
        }
        await library.take(one)
        taken.push(one)
      }
      return taken
    },
  }

  /**
   * @param {Conversation} known
   * @param {Conversation} incoming
   * @returns {Promise<Conversation | null>} null if the import brings nothing new
   */
  async function merge (known, incoming) {
    // Without the files, what it saved again would lack them.
    if (!await library.open(known)) throw new Error(t('chat.files.failed'))
    const byId = new Map(known.nodes.map(turn => [turn.id, turn]))
    const before = known.updatedAt
    let order = nextOrder(known)
    let isChanged = false
    for (const turn of incoming.nodes) {
      const mine = byId.get(turn.id)
      if (mine === undefined) known.nodes.push({ ...turn, order: order++ })
      else if ((turn.answer?.text.length ?? 0) > (mine.answer?.text.length ?? 0)) mine.answer = turn.answer
      else continue
      isChanged = true
    }
    if (!isChanged) return null
    known.updatedAt = Math.max(before, incoming.updatedAt)
    showVersion(known, incoming.updatedAt > before ? incoming.leaf : known.leaf, { isLeaf: true })
    return known
  }
}

/**
 * Another user of this device may have the same conversation: then this one gets ids of its own.
 * @param {Conversation} incoming
 * @returns {Promise<Conversation>}
 */
async function asOwn (incoming) {
  const isFree = await findConversation(incoming.id) === null
  const nodes = incoming.nodes.map(turn => ({ ...turn,
    attachments: turn.attachments.map(file => ({ ...file, id: newId() })) })
  )
  const own = { ...incoming, id: isFree ? incoming.id : newId(), nodes }
  showVersion(own, incoming.leaf, { isLeaf: true })
  return own
}
