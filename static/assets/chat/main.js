// The chat page: one session, its conversations, and the one that is open.
import '../lib/text.js'
import { announce } from '../lib/announce.js'
import { byId } from '../lib/dom.js'
import { session, signedIn, watchSession } from '../lib/session.js'
import { closeSession, replacedBy, whyLost } from '../lib/sign-in.js'
import { themeButton } from '../lib/theme.js'
import { createComposer } from './composer.js'
import { newConversation, newTurn, titleOf } from './conversation.js'
import { deleteConversation, listConversations, loadFiles, saveConversation, saveFiles } from './database.js'
import { createGate } from './gate.js'
import { createHistoryList } from './history-list.js'
import { createModelPicker } from './model-picker.js'
import { createOptions } from './options.js'
import { createRuns } from './runs.js'
import { setUpShell } from './shell.js'
import { createThread } from './thread.js'
import { download, readExport } from './transfer.js'
import { createWebSwitch } from './web-search.js'
/** @import { Answer, Attachment, Conversation, Model, Session, Turn } from '../types.d.ts' */

/** @type {Conversation[]} */
let conversations = []
/** It belongs to no user until somebody signs in. */
let current = newConversation('', '')

themeButton(byId('theme'))
const gate = createGate(open)
const picker = createModelPicker(model => {
  current.model = model.id
  composer.modelChanged()
  options.draw(current, model)
})
const thread = createThread({ retry, edit: turn => composer.edit(turn) })
const composer = createComposer({
  onSend: send,
  onStop: stop,
  model: () => picker.current(),
  onEditLast: () => {
    const last = current.turns.at(-1)
    if (last && !runs.of(current)) composer.edit(last)
  },
})
const options = createOptions(changeOptions, () => ({
  user: signedIn().username,
  settings: () => ({ ...current, model: picker.current()?.id ?? current.model }),
  models: picker.all(),
  apply (change) {
    picker.use(change.model)
    changeOptions(change)
    options.draw(current, picker.current())
  },
}))
const web = createWebSwitch(isOn => {
  current.search = isOn
  if (current.turns.length > 0) void save(current)
})
const history = createHistoryList({ onOpen: openConversation, onRename: rename, onDelete: remove })
const runs = createRuns({ viewOf: turn => current.turns.includes(turn) ? thread.view(turn) : undefined, save,
  onEnd: ended })
const shell = setUpShell({
  onNew: startNew,
  onSearch: () => history.focus(),
  onStop: stop,
  onExport: exportAll,
  onImport: importFile,
  onSignOut: async () => {
    const problem = await closeSession()
    if (problem === '') leave('')
    else composer.say(problem)
  },
})
watchSession({ lost, elsewhere })
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
    conversations = await listConversations(who.username)
    for (const { answer } of conversations.flatMap(({ turns }) => turns)) {
      if (answer?.status === 'running') answer.status = 'stopped'
    }
    startNew()
  }
  const problem = await picker.load(who)
  if (problem?.status === 401) return
  if (problem !== null) return composer.say(`Models could not be loaded. ${problem.message}`)
  if (current.turns.length === 0) current.model = picker.current()?.id ?? ''
  options.draw(current, picker.current())
  web.draw(current, picker.all())
  void refreshQuota()
  document.documentElement.dataset.models = 'true'
}

/**
 * The proxy refused the session. What the user typed stays.
 * @param {Session} refused
 */
async function lost (refused) {
  const reason = await whyLost(refused)
  if (reason !== null && session() === refused) gate.close(`${reason} Sign in again; your chat is kept.`)
}

/** @param {Partial<Conversation>} change */
function changeOptions (change) {
  Object.assign(current, change)
  if (current.turns.length > 0) void save(current)
}

/** @param {string | null} username the user whom another tab signed in, or null if it signed out */
function elsewhere (username) {
  const now = session()
  if (now === null) {
    if (username !== null && ['', username].includes(current.user)) void gate.begin()
  } else if (username === null) leave('You signed out in another tab.')
  else if (username !== now.username) {
    gate.close(`${replacedBy(username)} Sign in again to go on as ${now.username}, or reload the page.`)
  }
}

/**
 * Signed out: nothing of the user stays on the screen. The chats stay on this device.
 * @param {string} reason may be empty
 */
function leave (reason) {
  runs.stopAll()
  composer.clear()
  conversations = []
  current = newConversation('', '')
  drawCurrent()
  byId('who').textContent = ''
  gate.close(reason)
}

function startNew () {
  const { username } = signedIn()
  // An empty conversation is used again, but only by its own user.
  if (current.turns.length > 0 || current.user !== username) {
    current = newConversation(username, picker.current()?.id ?? '')
  }
  drawCurrent()
  shell.closeHistory()
  composer.focus()
}

/** @param {Conversation} conversation */
async function openConversation (conversation) {
  composer.leave()
  current = conversation
  // Without its files a chat is still worth reading.
  await loadFiles(conversation).catch(() => composer.say('The attachments of this chat could not be loaded.'))
  if (current !== conversation) return
  picker.choose(conversation.model)
  drawCurrent()
  shell.closeHistory()
}

function drawCurrent () {
  byId('title').textContent = titleOf(current)
  thread.draw(current, picker.name)
  composer.setRunning(runs.of(current) !== undefined)
  options.draw(current, picker.current())
  web.draw(current, picker.all())
  drawHistory()
}

/** The answer has already been shown, and the quota can wait. */
async function refreshQuota () {
  const { showQuota } = await import('./quota.js')
  const now = session()
  if (now !== null) await showQuota(now)
}

function drawHistory () {
  history.draw(conversations, current, one => runs.of(one) !== undefined)
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
    composer.say('Choose a model first.')
    return false
  }
  if (runs.of(current)) return false
  if (edited !== null) {
    const at = current.turns.indexOf(edited)
    thread.removeAfter(at)
    current.turns.splice(at)
  }
  const turn = newTurn(text, attachments)
  current.turns.push(turn)
  if (!conversations.includes(current)) conversations.push(current)
  void saveFiles(current.id, attachments).catch(storageFailed)
  begin(turn, model, () => thread.append(turn, picker.name))
  return true
}

/**
 * Asks the same question again, with the model that is chosen now. It removes what followed the question.
 * @param {Turn} turn
 */
function retry (turn) {
  const model = picker.current()
  if (model === null || runs.of(current)) return
  const at = current.turns.indexOf(turn)
  thread.removeAfter(at + 1)
  current.turns.splice(at + 1)
  begin(turn, model, () => thread.redraw(turn, picker.name))
}

/**
 * @param {Turn} turn
 * @param {Model} model
 * @param {() => void} draw
 */
function begin (turn, model, draw) {
  current.model = model.id
  current.updatedAt = Date.now()
  runs.start(signedIn(), current, turn, model, draw)
  composer.setRunning(true)
  byId('title').textContent = titleOf(current)
  drawHistory()
  void save(current)
  announce('Answering')
}

function stop () {
  runs.stop(current)
}

/**
 * @param {Conversation} conversation
 * @param {Answer} answer
 */
function ended (conversation, answer) {
  if (conversation === current) composer.setRunning(false)
  drawHistory()
  void refreshQuota()
  announce(
    answer.status === 'done' ? 'The answer is complete' : answer.status === 'stopped' ? 'Stopped' : 'The answer failed',
  )
}

/** @param {Conversation} conversation */
async function save (conversation) {
  if (!conversations.includes(conversation)) return
  await saveConversation(conversation).catch(storageFailed)
}

function storageFailed () {
  composer.say('This device has no room left to keep chats. Delete or export some.')
}

/**
 * @param {Conversation} conversation
 * @param {string} title
 */
function rename (conversation, title) {
  conversation.title = title
  conversation.isNamed = title !== ''
  if (conversation === current) byId('title').textContent = titleOf(current)
  void save(conversation)
}

/** @param {Conversation} conversation */
async function remove (conversation) {
  if (!await shell.confirm(`Delete “${titleOf(conversation)}”?`,
    'It is removed from this device. There is no copy elsewhere.')) return
  runs.stop(conversation)
  conversations = conversations.filter(one => one !== conversation)
  await deleteConversation(conversation.id)
  if (conversation === current) startNew()
  else drawHistory()
}

async function exportAll () {
  const all = conversations.filter(({ turns }) => turns.length > 0)
  for (const conversation of all) await loadFiles(conversation)
  download(all, `chats-${new Date().toISOString().slice(0, 10)}`)
}

/** @param {File} file */
async function importFile (file) {
  try {
    const incoming = readExport(await file.text(), signedIn().username)
    const known = new Map(conversations.map(one => [one.id, one.updatedAt]))
    // If both have a chat, the newer one stays.
    const taken = incoming.filter(one => (known.get(one.id) ?? -1) < one.updatedAt)
    for (const one of taken) {
      await saveFiles(one.id, one.turns.flatMap(({ attachments }) => attachments))
      conversations = [...conversations.filter(({ id }) => id !== one.id), one]
      await save(one)
    }
    drawHistory()
    composer.say(`${taken.length} of ${incoming.length} chats were imported.`)
  } catch (thrown) {
    composer.say(thrown instanceof Error ? thrown.message : String(thrown))
  }
}
