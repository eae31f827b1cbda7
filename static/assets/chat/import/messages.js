// Makes a conversation of this page from the message tree of another program. There a question and an answer are nodes
// of their own, and an answer may be many nodes: reasoning, tools, text. Here a turn is a question with an answer.
import { openingOf } from '../conversation.js'
import { showVersion, toNodes } from '../tree.js'
import { idOf } from './fields.js'
/** @import { Answer, Attachment, Conversation } from '../../types.d.ts' */
/** @import { StoredTurn } from '../tree.js' */

/**
 * A node of the other program. One with `role: null` adds nothing, such as the root or a message that is left out.
 * @typedef {{
 *   id: string, children: readonly string[], role: 'user' | 'assistant' | null, text: string, reasoning: string,
 *   model: string, at: number, files: readonly Attachment[], error: string | null, isCut: boolean,
 * }} Node
 */
/**
 * @typedef {{ source: string, user: string, id: string, title: string, createdAt: number, updatedAt: number, model:
 *   string, system: string, isPinned: boolean, tags: readonly string[], currentNode: string }} Head
 */
/** @typedef {{ question: Node | null, answers: readonly Node[], last: string, parent: string | null }} Pending */

/**
 * @param {Head} head
 * @param {ReadonlyMap<string, Node>} nodes
 * @param {readonly string[]} roots
 * @returns {Conversation | null} null if it has no message
 */
export function toConversation (head, nodes, roots) {
  const { turns, turnOf } = walk(head, nodes, roots)
  if (turns.length === 0) return null
  const { source, user, id, currentNode, title, ...fields } = head
  /** @type {Conversation} */
  const conversation = { ...fields, id: idOf(`${source} ${user} ${id}`), user, title: title.slice(0, 200),
    isNamed: title !== '', opening: openingOf(turns[0]), temperature: null, reasoning: '', leaf: null,
    nodes: toNodes(turns), turns: [], isLoaded: true }
  showVersion(conversation, turnOf.get(currentNode) ?? null, { isLeaf: true })
  return conversation
}

/**
 * Parents before their children, without recursion: a chat may have thousands of messages below each other.
 * @param {Head} head
 * @param {ReadonlyMap<string, Node>} nodes
 * @param {readonly string[]} roots
 */
function walk (head, nodes, roots) {
  /** @type {Map<string, StoredTurn>} */
  const turns = new Map()
  /** The turn that has a node, by the node's id. @type {Map<string, string>} */
  const turnOf = new Map()
  const seen = new Set()
  /** @type {{ id: string, pending: Pending }[]} */
  const stack = roots.toReversed().map(id => ({ id, pending: { question: null, answers: [], last: '', parent: null } }))
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    const node = nodes.get(step.id)
    if (node === undefined || seen.has(node.id)) continue
    seen.add(node.id)
    const pending = next(node, step.pending)
    const children = node.children.filter(id => nodes.has(id) && !seen.has(id))
    if (children.length === 0) finish(pending)
    for (const id of children.toReversed()) stack.push({ id, pending })
  }
  return { turns: [...turns.values()], turnOf }

  /**
   * @param {Node} node
   * @param {Pending} pending
   * @returns {Pending}
   */
  function next (node, pending) {
    if (node.role === 'user') {
      return { question: node, answers: [], last: node.id, parent: finish(pending) ?? pending.parent }
    }
    if (node.role === 'assistant') return { ...pending, answers: [...pending.answers, node], last: node.id }
    return pending
  }

  /**
   * @param {Pending} pending
   * @returns {string | null} the id of the turn; null if there is nothing in it
   */
  function finish ({ question, answers, last, parent }) {
    if (question === null && answers.length === 0) return null
    const id = idOf(`${head.id} ${last}`)
    for (const node of [...question === null ? [] : [question], ...answers]) turnOf.set(node.id, id)
    if (!turns.has(id)) {
      turns.set(id, { id, parent, question: idOf(`${head.id} ${question?.id ?? answers[0]?.id}`),
        text: question?.text ?? '', attachments: [...question?.files ?? []].map(file => ({ ...file })),
        answer: answers.length === 0 ? null : toAnswer(answers, head.model) })
    }
    return id
  }
}

/**
 * @param {readonly Node[]} nodes
 * @param {string} model of the conversation, if the messages name none
 * @returns {Answer}
 */
function toAnswer (nodes, model) {
  const join = (/** @type {readonly string[]} */ texts) => texts.filter(text => text.trim() !== '').join('\n\n')
  const error = nodes.find(one => one.error !== null)?.error ?? null
  return { model: nodes.findLast(one => one.model !== '')?.model ?? model,
    status: error !== null ? 'failed' : nodes.at(-1)?.isCut === true ? 'stopped' : 'done',
    text: join(nodes.map(({ text }) => text)), reasoning: join(nodes.map(({ reasoning }) => reasoning)),
    error: error === null ? null : { code: 'imported', message: error }, finish: null, usage: null, credits: null,
    startedAt: nodes[0]?.at ?? Date.now(), ms: null }
}
