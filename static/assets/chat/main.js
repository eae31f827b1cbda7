// The chat page: one session, its conversations, the one that is open.
import { announce } from '../lib/announce.js'
import { byId } from '../lib/dom.js'
import { session, signOut } from '../lib/session.js'
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

let conversations = []
let current = null

themeButton(byId('theme'))
const gate = createGate(open)
const picker = createModelPicker(model => {
  current.model = model.id
  composer.modelChanged()
  options.draw(current, model)
})
const thread = createThread({ retry, edit: turn => composer.edit(turn) })
const composer = createComposer({
  onSend: send, onStop: stop, model: () => picker.current(),
  onEditLast: () => { const last = current.turns.at(-1); if (last && !runs.of(current)) composer.edit(last) },
})
const options = createOptions(change => {
  Object.assign(current, change)
  if (current.turns.length > 0) void save(current)
})
const history = createHistoryList({ onOpen: openConversation, onRename: rename, onDelete: remove })
const runs = createRuns({ viewOf: turn => current?.turns.includes(turn) ? thread.view(turn) : undefined, save, onEnd: ended })
const shell = setUpShell({ onNew: startNew, onSearch: () => history.focus(), onStop: stop, onExport: exportAll, onImport: importFile, onSignOut: () => { runs.stopAll(); signOut(); gate.close('') } })
await gate.begin()
document.documentElement.dataset.ready = 'true'

async function open (who) {
  byId('who').textContent = who.username
  conversations = await listConversations(who.username)
  for (const turn of conversations.flatMap(({ turns }) => turns)) if (turn.answer?.status === 'running') turn.answer.status = 'stopped'
  startNew()
  const problem = await picker.load(who)
  if (problem?.status === 401) return gate.close('The password no longer works. Sign in again.')
  if (problem !== null) return composer.say(`Models could not be loaded. ${problem.message}`)
  if (current.turns.length === 0) current.model = picker.current()?.id ?? ''
  options.draw(current, picker.current())
  document.documentElement.dataset.models = 'true'
}

function startNew () {
  const kept = current?.turns.length === 0 ? current : null
  current = kept ?? newConversation(session().username, picker.current()?.id ?? '')
  drawCurrent()
  shell.closeHistory()
  composer.focus()
}

async function openConversation (conversation) {
  composer.leave()
  current = conversation
  await loadFiles(conversation)
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
  drawHistory()
}

function drawHistory () {
  history.draw(conversations, current, one => runs.of(one) !== undefined)
}

/** @returns whether it was taken; if not, it stays where it was typed */
function send (text, attachments, edited) {
  const model = picker.current()
  if (model === null) return composer.say('Choose a model first.') ?? false
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

/** The same question anew, to the model that is chosen now. What followed it is gone. */
function retry (turn) {
  const model = picker.current()
  if (model === null || runs.of(current)) return
  const at = current.turns.indexOf(turn)
  thread.removeAfter(at + 1)
  current.turns.splice(at + 1)
  begin(turn, model, () => thread.redraw(turn, picker.name))
}

function begin (turn, model, draw) {
  current.model = model.id
  current.updatedAt = Date.now()
  runs.start(session(), current, turn, model, draw)
  composer.setRunning(true)
  byId('title').textContent = titleOf(current)
  drawHistory()
  void save(current)
  announce('Answering')
}

function stop () {
  runs.stop(current)
}

function ended (conversation, answer) {
  if (conversation === current) composer.setRunning(false)
  drawHistory()
  announce(answer.status === 'done' ? 'The answer is complete' : answer.status === 'stopped' ? 'Stopped' : 'The answer failed')
  if (answer.error?.code === 'invalid_api_key') gate.close('The password no longer works. Sign in again; your chat is kept.')
}

async function save (conversation) {
  if (!conversations.includes(conversation)) return
  await saveConversation(conversation).catch(storageFailed)
}

function storageFailed () {
  composer.say('This device has no room left to keep chats. Delete or export some.')
}

function rename (conversation, title) {
  conversation.title = title
  conversation.isNamed = title !== ''
  if (conversation === current) byId('title').textContent = titleOf(current)
  void save(conversation)
}

async function remove (conversation) {
  if (!await shell.confirm(`Delete “${titleOf(conversation)}”?`, 'It is removed from this device. There is no copy elsewhere.')) return
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

async function importFile (file) {
  try {
    const incoming = readExport(await file.text(), session().username)
    // Of two with the same id the newer one stays.
    const taken = incoming.filter(one => !(conversations.find(({ id }) => id === one.id)?.updatedAt >= one.updatedAt))
    for (const one of taken) {
      await saveFiles(one.id, one.turns.flatMap(({ attachments }) => attachments))
      conversations = [...conversations.filter(({ id }) => id !== one.id), one]
      await save(one)
    }
    drawHistory()
    composer.say(`${taken.length} of ${incoming.length} chats were taken in.`)
  } catch (thrown) { composer.say(thrown.message) }
}
