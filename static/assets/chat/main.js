// The chat page: one session, its conversations, and the one that is open.
import '../lib/text.js'
import { announce } from '../lib/announce.js'
import { byId } from '../lib/dom.js'
import { session, signedIn, watchSession } from '../lib/session.js'
import { closeSession, replacedBy, whyLost } from '../lib/sign-in.js'
import { t } from '../lib/text.js'
import { themeButton } from '../lib/theme.js'
import { addressed, setAddress } from './address.js'
import { createComposer } from './composer.js'
import { newConversation, newTurn, titleOf } from './conversation.js'
import { whenBlocked } from './records.js'
import { createDrafts } from './drafts.js'
import { createExchange } from './exchange.js'
import { createGate } from './gate.js'
import { createHistoryList } from './history-list.js'
import { takeLeft } from './left.js'
import { createLibrary } from './library.js'
import { createModelPicker } from './model-picker.js'
import { createOptions } from './options.js'
import { createOthers } from './others.js'
import { createRuns } from './runs.js'
import { setUpShell } from './shell.js'
import { createThread } from './thread.js'
import { createTitles } from './titles.js'
import { createToast } from './toast.js'
import { addTurn, nextOrder, showVersion } from './tree.js'
/** @import { Answer, Attachment, Conversation, Model, Session, Turn } from '../types.d.ts' */

/** It belongs to no user until somebody signs in. */
let current = newConversation('', '')

themeButton(byId('theme'))
const others = createOthers({ onChange: changedElsewhere, onStop: id => runs.stopTurn(id),
  isMine: id => runs.isMine(id) })
const library = createLibrary({ changed: others.changed, onFailure: storageFailed })
const gate = createGate(open)
const picker = createModelPicker(model => {
  current.model = model.id
  composer.modelChanged()
  options.draw(current, model)
})
const thread = createThread({ retry, resume, edit: turn => composer.edit(turn), onVersion: switchTo })
const composer = createComposer({
  onSend: send,
  onStop: stop,
  model: () => picker.current(),
  onEditLast: () => {
    const last = current.turns.at(-1)
    if (last && !isRunning(current)) composer.edit(last)
  },
  onDraft: isFile => {
    drafts.changed(current)
    if (isFile) drafts.flush()
  },
})
const drafts = createDrafts(() => composer.draft())
const options = createOptions(change => {
  Object.assign(current, change)
  if (current.turns.length > 0) void library.save(current)
})
const history = createHistoryList({ onChange: changed, onDelete: remove, onFound: found })
const runs = createRuns({ viewOf: turn => current.turns.includes(turn) ? thread.view(turn) : undefined,
  save: (conversation, turn) => library.saveTurn(conversation, turn), onEnd: ended,
  onLeave: (conversation, turn) => others.changed(conversation.id, turn.id) })
const titles = createTitles({ model: () => picker.free(), onTitle: changed })
const toast = createToast(byId('toast'))
const exchange = createExchange({ library, say: text => composer.say(text), onTaken: taken })
const shell = setUpShell({
  onNew: startNew,
  onSearch: () => history.focus(),
  onStop: stop,
  onExport: exchange.save,
  onImport: exchange.read,
  onSignOut: async () => {
    const problem = await closeSession()
    if (problem === '') leave('')
    else composer.say(problem)
  },
})
watchSession({ lost, elsewhere })
whenBlocked(() => composer.say(t('chat.blocked')))
window.addEventListener('popstate', () => void route())
window.addEventListener('pagehide', () => toast.end())
// A tab that crashed says nothing.
setInterval(() => {
  if (isRunning(current) && !runs.of(current)) void settle(current)
}, 5_000)
await gate.begin()
document.documentElement.dataset.ready = 'true'

/**
 * A user who signs in again goes on where the session ended.
 * @param {Session} who
 */
async function open (who) {
  byId('who').textContent = who.username
  if (current.user !== who.username) {
    composer.clear()
    await library.load(who.username)
    if (session() !== who) return
    await route()
  }
  const problem = await picker.load(who)
  if (problem?.status === 401) return
  if (problem !== null) return composer.say(t('chat.models.failed', { problem: problem.message }))
  if (current.turns.length === 0) current.model = picker.current()?.id ?? ''
  else showModel()
  options.draw(current, picker.current())
  document.documentElement.dataset.models = 'true'
}

/** The conversation came before the list of models: its answers show ids in the place of names. */
function showModel () {
  picker.choose(current.model)
  for (const turn of current.turns) if (thread.view(turn)) thread.redraw(current, turn, picker.name)
}

/**
 * The proxy refused the session. What the user typed stays.
 * @param {Session} refused
 */
async function lost (refused) {
  const reason = await whyLost(refused)
  if (reason !== null && session() === refused) gate.close(t('chat.lost', { reason }))
}

/** @param {string | null} username the user whom another tab signed in, or null if it signed out */
function elsewhere (username) {
  const now = session()
  if (now === null) {
    if (username !== null && ['', username].includes(current.user)) void gate.begin()
  } else if (username === null) leave(t('chat.signed-out'))
  else if (username !== now.username) {
    gate.close(t('chat.replaced', { reason: replacedBy(username), name: now.username }))
  }
}

/**
 * Signed out: nothing of the user stays on the screen. The chats and the drafts stay on this device.
 * @param {string} reason may be empty
 */
function leave (reason) {
  runs.stopAll()
  drafts.flush()
  toast.end()
  composer.clear()
  library.clear()
  current = newConversation('', '')
  drawCurrent()
  byId('who').textContent = ''
  gate.close(reason)
}

/** Shows the conversation that the address names. */
async function route () {
  const now = session()
  if (now === null) return
  const id = addressed()
  if (id === null) return showNew()
  const named = library.find(id)
  if (named !== undefined) return openConversation(named)
  setAddress(null, { isSamePage: true })
  await showNew()
  composer.say(t('chat.unknown'))
}

async function startNew () {
  setAddress(null)
  await showNew()
  composer.focus()
}

async function showNew () {
  const { username } = signedIn()
  // An empty conversation is used again, but only by its own user.
  if (current.nodes.length > 0 || !current.isLoaded || current.user !== username) {
    drafts.flush()
    composer.clear()
    current = newConversation(username, picker.current()?.id ?? '')
    await showDraft(current)
  }
  drawCurrent()
  shell.closeHistory()
}

/** @param {Conversation} conversation */
async function openConversation (conversation) {
  if (conversation !== current) {
    drafts.flush()
    composer.clear()
    current = conversation
    const hasFiles = await library.open(conversation)
    if (current !== conversation) return
    await showDraft(conversation)
    if (current !== conversation) return
    if (!hasFiles) composer.say(t('chat.files.failed'))
  }
  picker.choose(conversation.model)
  drawCurrent()
  shell.closeHistory()
  void settle(conversation)
}

/** @param {Conversation} conversation */
async function showDraft (conversation) {
  const draft = await drafts.load(conversation)
  const typed = composer.draft()
  // What the user typed meanwhile is newer.
  if (current === conversation && draft && typed.text === '' && typed.attachments.length === 0) composer.show(draft)
}

/**
 * An answer that no tab receives any more was cut.
 * @param {Conversation} conversation
 */
async function settle (conversation) {
  for (const turn of conversation.nodes) {
    if (turn.answer?.status !== 'running' || runs.isMine(turn.id)) continue
    const left = takeLeft(turn.id)
    if (left === null && await others.receive(turn.id)) continue
    Object.assign(turn.answer, { status: 'cut' }, left)
    await library.saveTurn(conversation, turn)
    drawHistory()
    if (conversation !== current) continue
    thread.redraw(current, turn, picker.name)
    composer.setRunning(isRunning(current))
  }
}

/** @param {Conversation} conversation */
function isRunning (conversation) {
  return runs.of(conversation) !== undefined || conversation.turns.at(-1)?.answer?.status === 'running'
}

function drawCurrent () {
  drawTitle()
  thread.draw(current, picker.name)
  composer.setRunning(isRunning(current))
  options.draw(current, picker.current())
  drawHistory()
}

function drawTitle () {
  const title = titleOf(current)
  byId('title').textContent = title
  document.title = t('chat.page', { title })
}

function drawHistory () {
  history.draw(library.list(), current, isRunning)
}

/**
 * @param {string} text
 * @param {readonly Attachment[]} attachments
 * @param {Turn | null} edited
 * @returns whether the conversation took the message; if not, the box keeps it
 */
function send (text, attachments, edited) {
  const model = picker.current()
  if (model === null) {
    composer.say(t('composer.model'))
    return false
  }
  if (isRunning(current) || !current.isLoaded) return false
  const isFirst = current.nodes.length === 0
  if (edited === null) void drafts.drop(current)
  const turn = newTurn(text, attachments, { parent: edited === null ? current.leaf : edited.parent,
    order: nextOrder(current) })
  ask(turn, model, { withFiles: true })
  if (isFirst) setAddress(current.id, { isSamePage: true })
  return true
}

/**
 * Asks the same question again, with the model that is chosen now. The answer before stays as another version, unless
 * it is empty.
 * @param {Turn} turn
 */
function retry (turn) {
  const model = picker.current()
  if (model === null || isRunning(current)) return
  const { parent, question, text, attachments, answer } = turn
  if (answer !== null && answer.text + answer.reasoning === '') {
    showVersion(current, turn.id, { isLeaf: true })
    return begin(turn, model, { draw: () => drawFrom(turn) })
  }
  ask(newTurn(text, attachments, { parent, question, order: nextOrder(current) }), model)
}

/** @param {Turn} turn whose answer goes on where it was cut */
function resume (turn) {
  const model = picker.current()
  if (model === null || isRunning(current)) return
  begin(turn, model, { isContinued: true, draw: () => thread.redraw(current, turn, picker.name) })
}

/**
 * @param {Turn} turn a new one
 * @param {Model} model
 * @param {{ withFiles?: boolean }} [options]
 */
function ask (turn, model, options = {}) {
  addTurn(current, turn)
  begin(turn, model, { ...options, draw: () => drawFrom(turn) })
}

/**
 * @param {Turn} turn
 * @param {Model} model
 * @param {{ draw: () => void, withFiles?: boolean, isContinued?: boolean }} options
 */
function begin (turn, model, { draw, withFiles = false, isContinued = false }) {
  current.model = model.id
  current.updatedAt = Date.now()
  void library.save(current)
  runs.start(signedIn(), current, turn, model, { draw, isContinued })
  void library.saveTurn(current, turn, { withFiles })
  composer.setRunning(true)
  drawTitle()
  drawHistory()
  announce(t('chat.answering'))
}

/** @param {Turn} turn */
function drawFrom (turn) {
  thread.drawFrom(current, current.turns.indexOf(turn), picker.name)
  thread.follow()
}

/** @param {Turn} turn a version of a turn on the screen */
function switchTo (turn) {
  showVersion(current, turn.id)
  thread.drawFrom(current, current.turns.indexOf(turn), picker.name)
  composer.setRunning(isRunning(current))
  void library.save(current)
}

function stop () {
  if (runs.of(current)) return runs.stop(current)
  const last = current.turns.at(-1)
  if (last?.answer?.status !== 'running') return
  others.stop(last.id)
  void settle(current)
}

/**
 * @param {Conversation} conversation
 * @param {Turn} turn
 * @param {Answer} answer
 */
function ended (conversation, turn, answer) {
  if (conversation === current) composer.setRunning(isRunning(current))
  void library.save(conversation)
  drawHistory()
  announce(
    answer.status === 'done' ? t('chat.done') : answer.status === 'failed' ? t('chat.failed') : t('turn.stopped'),
  )
  const now = session()
  if (now !== null) void titles.write(now, conversation, turn)
}

/**
 * Another tab saved this.
 * @param {string} id
 * @param {string | null} turnId
 */
async function changedElsewhere (id, turnId) {
  const now = session()
  if (now === null || turnId !== null && runs.isMine(turnId)) return
  const { conversation, turn, isNew } = await library.refresh(now.username, id, turnId)
  if (conversation === undefined && id === current.id && current.nodes.length > 0) await startNew()
  if (conversation === current && turn !== undefined) {
    if (isNew && turn.parent === current.leaf) {
      showVersion(current, turn.id, { isLeaf: true })
      drawFrom(turn)
    } else thread.redraw(current, turn, picker.name)
    composer.setRunning(isRunning(current))
    void settle(current)
  }
  drawHistory()
}

function storageFailed () {
  composer.say(t('chat.full'))
}

/** @param {Conversation} conversation whose title, pin or tags have changed */
function changed (conversation) {
  if (library.find(conversation.id) !== conversation) return
  if (conversation === current) drawTitle()
  void library.save(conversation)
  drawHistory()
}

/**
 * Opens what the user chose in the history.
 * @param {Conversation} conversation
 * @param {string | null} turnId a turn that the search found
 */
async function found (conversation, turnId) {
  setAddress(conversation.id)
  await openConversation(conversation)
  if (current !== conversation || turnId === null) return
  if (!current.turns.some(({ id }) => id === turnId)) {
    showVersion(current, turnId)
    thread.draw(current, picker.name)
  }
  const turn = current.turns.find(({ id }) => id === turnId)
  if (turn !== undefined) thread.reveal(turn)
}

/** @param {Conversation} conversation */
async function remove (conversation) {
  runs.stop(conversation)
  await library.hide(conversation)
  const wasOpen = conversation === current
  if (wasOpen) {
    setAddress(null, { isSamePage: true })
    await showNew()
  } else drawHistory()
  toast.show({
    text: t('history.deleted', { title: titleOf(conversation) }),
    button: t('history.undo'),
    onEnd: () => library.purge(conversation),
    onButton: async () => {
      await library.save(conversation)
      if (wasOpen) await found(conversation, null)
      else drawHistory()
    },
  })
}

/** @param {readonly Conversation[]} conversations that an import brought */
function taken (conversations) {
  const again = conversations.find(({ id }) => id === current.id)
  if (again === undefined) return drawHistory()
  current = newConversation('', '')
  void route()
}
