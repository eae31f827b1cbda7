// "Connect a tool": a tool on the left, its settings on the right. Passwords are covered on the screen, never in a copy.
import { copyButton } from '../lib/copy.js'
import { byId, h, icon } from '../lib/dom.js'
import { tabs } from '../lib/tabs.js'
import { clientSettings, isSafeModelId } from './clients.js'
import { dots } from './credentials.js'

/** Shown until the list is there, and where a seat has none. */
const fallback = [{ id: 'gpt-4.1', name: 'GPT-4.1', free: true }]

export function setUpSnippets () {
  const list = byId('client-tabs')
  const picker = byId('snippet-model')
  let session = null
  let models = fallback
  let chosen = null
  let isChosen = false

  const { select } = tabs(list, tab => { chosen = tab.dataset.client; draw() })
  picker.addEventListener('change', () => { isChosen = true; draw() })
  return {
    open (next) { session = next; isChosen = false; setModels(fallback) },
    setModels: all => setModels(all.filter(isForChat).length > 0 ? all.filter(isForChat) : fallback),
    choose (id) { picker.value = id; isChosen = true; draw() },
  }

  function setModels (next) {
    models = next
    const before = picker.value
    const option = model => h('option', { value: model.id }, `${model.name ?? model.id}${model.free ? ' · free' : ''}`)
    const [free, paid] = [models.filter(model => model.free), models.filter(model => !model.free)]
    picker.replaceChildren(
      ...[['Free', free], ['Others', paid]].filter(([, group]) => group.length > 0).map(([label, group]) => h('optgroup', { label }, group.map(option))))
    picker.value = isChosen && models.some(model => model.id === before) ? before : suggest(models).id
    draw()
  }

  function draw () {
    if (session === null) return
    const model = models.find(({ id }) => id === picker.value) ?? models[0]
    const small = models.find(({ free, id }) => free && /mini|haiku|lite|4\.1/.test(id)) ?? models.find(({ free }) => free) ?? model
    const clients = clientSettings({ origin: location.origin, ...session, small: small.id,
      model: { id: model.id, context: model.context_length ?? null, output: model.max_output_tokens ?? null } })
    if (list.childElementCount === 0) {
      list.replaceChildren(...clients.map(({ id, name }) => h('button', { type: 'button', role: 'tab', id: `client-${id}`, 'aria-controls': 'client-panel', dataset: { client: id } }, name)))
      chosen = clients[0].id
      return select(list.firstElementChild)
    }
    const client = clients.find(({ id }) => id === chosen)
    byId('client-panel').setAttribute('aria-labelledby', `client-${chosen}`)
    byId('client-panel').replaceChildren(
      ...(client.intro ? [h('p', {}, client.intro)] : []),
      ...(client.blocks ?? []).map(block => drawBlock(block, session.password)),
      ...(client.places ? [drawPlaces(client.places, session.password)] : []),
      ...(client.notes ?? []).map(note => h('div', { class: 'banner warn small-text' }, icon('warn'), h('p', {}, note))))
  }
}

/** Free, able to use tools, and with the longest memory: what an agent needs most. */
function suggest (models) {
  const fit = models.filter(({ free, preview, capabilities }) => free && !preview && capabilities?.supports?.tool_calls)
  return fit.toSorted((a, b) => (b.context_length ?? 0) - (a.context_length ?? 0))[0] ?? models[0]
}

function drawBlock ({ title, text }, password) {
  const code = h('code', {}, text.replaceAll(password, dots))
  // If nothing can copy, the real text is selected: covered, it would be of no use.
  const read = () => { setTimeout(() => { if (window.getSelection()?.containsNode(code, true)) code.textContent = text }, 0); return text }
  return h('figure', { class: 'snippet' },
    h('figcaption', {}, h('span', {}, title), copyButton(read, { what: title, fallback: code })),
    h('pre', { tabindex: '0', 'aria-label': title }, code))
}

function drawPlaces (places, password) {
  return h('dl', { class: 'places' }, places.map(([name, value]) =>
    h('div', {}, h('dt', {}, name), h('dd', {}, value.replaceAll(password, dots)), h('dd', {}, copyButton(() => value, { what: name })))))
}

/** What the settings of a chat tool can name. */
export function isForChat (model) {
  return model.capabilities?.type === 'chat' && isSafeModelId(model.id) && (model.policy?.state ?? 'enabled') === 'enabled'
}
