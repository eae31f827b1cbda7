// The versions of a conversation. Its turns are a tree: an edit or another answer is a new turn with the same parent.
// The page shows one path through the tree. Pure.
/** @import { Conversation, Turn } from '../types.d.ts' */

/**
 * @typedef {Omit<Turn, 'parent' | 'question' | 'order'> & Partial<Pick<Turn, 'parent' | 'question' | 'order'>>}
 *   StoredTurn
 */

/**
 * Turns of a stored or an exported conversation, in their order. Older ones name no parent: each follows the one before
 * it. A parent that does not come before its child is no parent, so the result has no circle.
 * @param {readonly StoredTurn[]} turns
 * @returns {Turn[]}
 */
export function toNodes (turns) {
  const known = new Set()
  /** @type {string | null} */
  let before = null
  /** @type {Turn[]} */
  const nodes = []
  for (const turn of turns) {
    if (known.has(turn.id)) continue
    const parent = turn.parent === undefined ? before : known.has(turn.parent) ? turn.parent : null
    nodes.push({ ...turn, parent, question: turn.question ?? turn.id, order: nodes.length })
    known.add(turn.id)
    before = turn.id
  }
  return nodes
}

/**
 * Sets the path: from the first turn through this one, and on along the newest versions.
 * @param {Conversation} conversation
 * @param {string | null} id an unknown one shows the newest turn
 * @param {{ isLeaf?: boolean }} [options] `isLeaf`: the path ends with this turn
 */
export function showVersion (conversation, id, { isLeaf = false } = {}) {
  const { nodes } = conversation
  const byId = new Map(nodes.map(turn => [turn.id, turn]))
  const chosen = byId.get(id ?? '') ?? nodes.at(-1)
  const leaf = chosen === undefined || isLeaf ? chosen : newestBelow(nodes, chosen)
  /** @type {Turn[]} */
  const path = []
  for (let turn = leaf; turn !== undefined; turn = byId.get(turn.parent ?? '')) path.push(turn)
  conversation.leaf = leaf?.id ?? null
  conversation.turns = path.reverse()
}

/**
 * @param {readonly Turn[]} nodes
 * @param {Turn} turn
 */
function newestBelow (nodes, turn) {
  const newestOf = new Map(nodes.map(one => [one.parent, one]))
  let newest = turn
  for (let below = newestOf.get(turn.id); below !== undefined; below = newestOf.get(below.id)) newest = below
  return newest
}

/**
 * Adds a turn, and shows the path that ends with it.
 * @param {Conversation} conversation
 * @param {Turn} turn
 */
export function addTurn (conversation, turn) {
  conversation.nodes.push(turn)
  showVersion(conversation, turn.id, { isLeaf: true })
}

/** @param {Conversation} conversation */
export function nextOrder ({ nodes }) {
  return nodes.reduce((most, { order }) => Math.max(most, order), -1) + 1
}

/**
 * The versions of each turn that the page shows: those of its question, each by its newest answer, and those of its
 * answer.
 * @param {Conversation} conversation
 * @returns {(turn: Turn) => { readonly questions: readonly Turn[], readonly answers: readonly Turn[] }}
 */
export function versionsOf ({ nodes }) {
  const byParent = Map.groupBy(nodes, ({ parent }) => parent)
  return turn => {
    const siblings = byParent.get(turn.parent) ?? [turn]
    const byQuestion = Map.groupBy(siblings, ({ question }) => question)
    const answers = byQuestion.get(turn.question) ?? [turn]
    const questions = [...byQuestion.values()].map(versions => versions === answers ? turn : versions.at(-1) ?? turn)
    return { questions, answers }
  }
}
