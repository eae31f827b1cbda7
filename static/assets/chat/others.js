// The tabs of this browser that show the same chats. Each tells the others what it saved; one that finds an unfinished
// answer asks whether another tab still receives it.

/**
 * @typedef {{ type: 'changed', conversation: string, turn: string | null } | { type: 'stop' | 'ask' | 'mine', turn:
 *   string }} Message
 */

/** Longer than a busy tab needs to answer a message. */
const answerMs = 700

/**
 * @param {{
 *   onChange: (conversation: string, turn: string | null) => unknown, onStop: (turn: string) => void,
 *   isMine: (turn: string) => boolean,
 * }} page `isMine`: this tab receives the answer of that turn
 */
export function createOthers ({ onChange, onStop, isMine }) {
  const channel = new window.BroadcastChannel('copilot-proxy.chats')
  /** @type {Map<string, () => void>} */
  const waiting = new Map()
  channel.onmessage = event => {
    const message = /** @type {Message} */ (event.data)
    if (message.type === 'changed') void onChange(message.conversation, message.turn)
    else if (message.type === 'stop') onStop(message.turn)
    else if (message.type === 'mine') waiting.get(message.turn)?.()
    else if (isMine(message.turn)) post({ type: 'mine', turn: message.turn })
  }

  return {
    /**
     * @param {string} conversation
     * @param {string | null} turn null: only the conversation itself
     */
    changed: (conversation, turn = null) => post({ type: 'changed', conversation, turn }),
    /** @param {string} turn */
    stop: turn => post({ type: 'stop', turn }),
    /**
     * @param {string} turn
     * @returns {Promise<boolean>} whether another tab receives the answer
     */
    receive: turn =>
      new Promise(resolve => {
        /** @param {boolean} isReceived */
        const end = isReceived => {
          waiting.delete(turn)
          resolve(isReceived)
        }
        waiting.set(turn, () => end(true))
        setTimeout(() => end(false), answerMs)
        post({ type: 'ask', turn })
      }),
  }

  /** @param {Message} message */
  function post (message) {
    channel.postMessage(message)
  }
}
