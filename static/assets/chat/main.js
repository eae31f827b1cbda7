// The chat page: one session, its conversations, and the one that is open.
import { announce } from '../lib/announce.js'
import { drawDemo } from '../lib/demo.js'
import { byId } from '../lib/dom.js'
import { setUpFrame } from '../lib/frame.js'
import { watchReach } from '../lib/reach.js'
import { readServerState } from '../lib/server-state.js'
import { session, signedIn, watchSession } from '../lib/session.js'
import { closeSession, replacedBy, whyLost } from '../lib/sign-in.js'
import { t } from '../lib/text.js'
import { addressed, setAddress } from './address.js'
import { createAsking } from './asking.js'
import { createComposer } from './composer.js'
import { newConversation, titleOf } from './conversation.js'
import { whenBlocked } from './records.js'
import { createDeletion } from './deletion.js'
import { createDrafts } from './drafts.js'
import { createExchange } from './exchange.js'
import { createGate } from './gate.js'
import { createHistoryList } from './history-list.js'
import { createLibrary } from './library.js'
import { createModelPicker } from './model-picker.js'
import { createOptions } from './options.js'
import { createOthers } from './others.js'
import { createRuns } from './runs.js'
import { setUpShell } from './shell.js'
import { createThread } from './thread.js'
import { createTitles } from './titles.js'
import { showVersion } from './tree.js'
import { settleUnfinished } from './unfinished.js'
import { createWebSwitch } from './web-search.js'
/** @import { Answer, Conversation, Session, Turn } from '../types.d.ts' */

/** It belongs to no user until somebody signs in. */
let current = newConversation('', '')

setUpFrame()
const others = createOthers({ onChange: changedElsewhere, onStop: id => runs.stopTurn(id),
  isMine: id => runs.isMine(id) })
const library = createLibrary({ changed: others.changed, onFailure: storageFailed })
void readServerState().then(drawDemo)
const gate = createGate(open)
const picker = createModelPicker(model => {
  current.model = model.id
  composer.modelChanged()
  options.draw(current, model)
})
const thread = createThread({ modelName: picker.name, retry: turn => asking.retry(turn),
  resume: turn => asking.resume(turn), edit: turn => composer.edit(turn), onVersion: switchTo })
const composer = createComposer({
  onSend: (text, attachments, edited) => asking.send(text, attachments, edited),
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
const web = createWebSwitch(isOn => changeOptions({ search: isOn }))
const history = createHistoryList({ onChange: changed, onDelete: conversation => deletion.remove(conversation),
  onFound: found })
const runs = createRuns({ viewOf: turn => current.turns.includes(turn) ? thread.view(turn) : undefined,
  save: (conversation, turn) => library.saveTurn(conversation, turn), onEnd: ended,
  onLeave: (conversation, turn) => others.changed(conversation.id, turn.id) })
const asking = createAsking({
  current: () => current,
  model: () => picker.current(),
  isRunning,
  library,
  runs,
  say: text => composer.say(text),
  drawFrom,
  redraw: turn => thread.redraw(current, turn),
  onSend: conversation => void drafts.drop(conversation),
  onBegin: began,
})
const titles = createTitles({ model: () => picker.free(), onTitle: changed })
const deletion = createDeletion({ place: byId('toast'), library, onHidden: hidden,
  onBack: conversation => found(conversation, null) })
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
watchReach(isReachable => {
  // Opened without the server: now it can tell whether the session still counts, and which models there are.
  if (isReachable && document.documentElement.dataset.models === undefined && session() !== null) void gate.begin()
})
whenBlocked(() => composer.say(t('chat.blocked')))
window.addEventListener('popstate', () => void route())
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
  web.draw(current, picker.all())
  void refreshQuota()
  document.documentElement.dataset.models = 'true'
}

/** The conversation came before the list of models: its answers show ids in the place of names. */
function showModel () {
  picker.choose(current.model)
  for (const turn of current.turns) if (thread.view(turn)) thread.redraw(current, turn)
}

/**
 * The proxy refused the session. What the user typed stays.
 * @param {Session} refused
 */
async function lost (refused) {
  const reason = await whyLost(refused)
  if (reason !== null && session() === refused) gate.close(t('chat.lost', { reason }))
}

/** @param {Partial<Conversation>} change */
function changeOptions (change) {
  Object.assign(current, change)
  if (current.turns.length > 0) void library.save(current)
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
  deletion.end()
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

/** @param {Conversation} conversation */
function settle (conversation) {
  return settleUnfinished(conversation, { isMine: runs.isMine, isReceived: others.receive, onCut: cut })
}

/**
 * @param {Conversation} conversation
 * @param {Turn} turn
 */
async function cut (conversation, turn) {
  await library.saveTurn(conversation, turn)
  drawHistory()
  if (conversation !== current) return
  thread.redraw(current, turn)
  composer.setRunning(isRunning(current))
}

/** @param {Conversation} conversation */
function isRunning (conversation) {
  return runs.of(conversation) !== undefined || conversation.turns.at(-1)?.answer?.status === 'running'
}

function drawCurrent () {
  drawTitle()
  thread.draw(current)
  composer.setRunning(isRunning(current))
  options.draw(current, picker.current())
  web.draw(current, picker.all())
  drawHistory()
}

function drawTitle () {
  const title = titleOf(current)
  byId('title').textContent = title
  document.title = t('chat.page', { title })
}

/** The answer has already been shown, and the quota can wait. */
async function refreshQuota () {
  const { showQuota } = await import('./quota.js')
  const now = session()
  if (now !== null) await showQuota(now)
}

function drawHistory () {
  history.draw(library.list(), current, isRunning)
}

function began () {
  // A new chat gets its address with its first message.
  if (current.nodes.length === 1) setAddress(current.id, { isSamePage: true })
  composer.setRunning(true)
  drawTitle()
  drawHistory()
}

/** @param {Turn} turn */
function drawFrom (turn) {
  thread.drawFrom(current, current.turns.indexOf(turn))
  thread.follow()
}

/** @param {Turn} turn a version of a turn on the screen */
function switchTo (turn) {
  showVersion(current, turn.id)
  thread.drawFrom(current, current.turns.indexOf(turn))
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
  void refreshQuota()
  announce(
    answer.status === 'done' ? t('chat.done') : answer.status === 'failed' ? t('chat.failed') : t('chat.stopped'),
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
    } else thread.redraw(current, turn)
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
    thread.draw(current)
  }
  const turn = current.turns.find(({ id }) => id === turnId)
  if (turn !== undefined) thread.reveal(turn)
}

/** @param {Conversation} conversation */
async function hidden (conversation) {
  runs.stop(conversation)
  if (conversation !== current) return drawHistory()
  setAddress(null, { isSamePage: true })
  await showNew()
}

/** @param {readonly Conversation[]} conversations that an import brought */
function taken (conversations) {
  const again = conversations.find(({ id }) => id === current.id)
  if (again === undefined) return drawHistory()
  current = newConversation('', '')
  void route()
}
