// "Connect a tool": the tools on the left, the settings of one on the right. Each tool has a key of its own. Below the
// key the screen hides it; a copy has it.
import { copyButton } from '../lib/copy.js'
import { byId, h, icon } from '../lib/dom.js'
import { tabs } from '../lib/tabs.js'
import { factsOf, offered, smallest, suggest } from '../connect/models.js'
import { clientSettings } from './clients.js'
import { drawCatalogueButton } from './codex-file.js'
import { drawToolKey } from './tool-key.js'
/** @import { Model, Session, UserKey } from '../types.d.ts' */

/** Until the list has arrived, and for a seat without chat models. */
const fallback = Object.freeze([{ id: 'gpt-4.1', name: 'GPT-4.1', free: true }])
/** In the settings of a tool that has no key yet. */
const placeholder = 'YOUR_KEY'
const dots = `acpk-${'•'.repeat(10)}`

/** @param {{ onKey: () => Promise<unknown> }} page called after a tool has got a key */
export function setUpSnippets ({ onKey }) {
  const list = byId('client-tabs')
  const picker = byId('snippet-model')
  /** @type {Session | null} */
  let session = null
  /** @type {readonly Model[]} */
  let models = fallback
  /** @type {string | null} */
  let chosen = null
  let isChosen = false
  /** @type {readonly UserKey[]} */
  let keys = []
  /** By tool: the keys that this page has made.
   * @type {Map<string, string>} */
  const made = new Map()

  const { select } = tabs(list, tab => {
    chosen = tab.dataset.client ?? null
    draw()
  })
  picker.addEventListener('change', () => {
    isChosen = true
    draw()
  })
  return {
    /** @param {Session} next */
    open (next) {
      session = next
      isChosen = false
      made.clear()
      setModels(fallback)
    },
    /** @param {readonly Model[]} all */
    setModels (all) {
      const chat = offered(all)
      setModels(chat.length > 0 ? chat : fallback)
    },
    clear () {
      session = null
      keys = []
      made.clear()
      byId('client-panel').replaceChildren()
    },
    /** @param {readonly UserKey[]} all */
    setKeys (all) {
      keys = all
      draw()
    },
    /** @param {string} id */
    choose (id) {
      picker.value = id
      isChosen = true
      draw()
    },
  }

  /** @param {readonly Model[]} next at least one */
  function setModels (next) {
    models = next
    const before = picker.value
    picker.replaceChildren(...group('Free', models.filter(({ free }) => free)),
      ...group('Others', models.filter(({ free }) => !free)))
    picker.value = isChosen && models.some(model => model.id === before)
      ? before
      : suggest(models.map(factsOf))?.id ?? ''
    draw()
  }

  function draw () {
    const model = models.find(({ id }) => id === picker.value) ?? models[0]
    if (session === null || model === undefined) return
    const key = made.get(chosen ?? '')
    const facts = models.map(factsOf)
    const chosenModel = factsOf(model)
    const clients = clientSettings({ origin: location.origin, ...session, password: key ?? placeholder,
      small: smallest(facts, chosenModel), models: facts, model: chosenModel,
      isWindows: /Win/.test(navigator.platform) })
    if (list.childElementCount === 0) list.replaceChildren(...clients.map(({ id, name }) => drawTab(id, name)))
    const client = clients.find(({ id }) => id === chosen)
    const [first] = list.children
    if (client === undefined) return first instanceof HTMLElement ? select(first) : undefined
    byId('client-panel').setAttribute('aria-labelledby', `client-${client.id}`)
    const name = client.id
    byId('client-panel').replaceChildren(...(client.line ? [drawBlock(client.line, key)] : []),
      drawToolKey({ name, label: client.name,
        isConnected: client.line !== undefined && isFilled(client, key ?? placeholder), key,
        earlier: keys.find(one => one.name === name), onKey: async secret => {
          made.set(name, secret)
          await onKey()
          draw()
          byId('client-panel').focus()
        } }), ...(client.intro ? [h('p', {}, client.intro)] : []),
      ...(client.catalogue ? [drawCatalogueButton(session, client.catalogue)] : []),
      ...(client.blocks ?? []).map(block => drawBlock(block, key)),
      ...(client.places ? [drawPlaces(client.places, key)] : []),
      ...(client.notes ?? []).map(note =>
        h('div', { class: 'banner warn small-text' }, icon('warn'), h('p', {}, note))
      ))
  }
}

/**
 * @param {string} label
 * @param {readonly Model[]} models
 */
function group (label, models) {
  if (models.length === 0) return []
  return [
    h('optgroup', { label }, models.map(model =>
      h('option', { value: model.id }, `${model.name ?? model.id}${model.free ? ' · free' : ''}`)
    )),
  ]
}

/**
 * @param {string} id
 * @param {string} name
 */
function drawTab (id, name) {
  return h('button', { type: 'button', role: 'tab', id: `client-${id}`, 'aria-controls': 'client-panel',
    dataset: { client: id } }, name)
}

/**
 * @param {{ title: string, text: string }} block
 * @param {string | undefined} key
 */
function drawBlock ({ title, text }, key) {
  const code = h('code', {}, hide(text, key))
  // If the browser cannot copy, the page selects the text for the user: then it must be the real one.
  const read = () => {
    setTimeout(() => {
      if (window.getSelection()?.containsNode(code, true)) code.textContent = text
    }, 0)
    return text
  }
  return h('figure', { class: 'snippet' },
    h('figcaption', {}, h('span', {}, title), copyButton(read, { what: title, fallback: code })),
    h('pre', { tabindex: '0', 'aria-label': title }, code))
}

/**
 * @param {readonly (readonly [string, string])[]} places
 * @param {string | undefined} key
 */
function drawPlaces (places, key) {
  return h('dl', { class: 'places' },
    places.map(([name, value]) =>
      h('div', {}, h('dt', {}, name), h('dd', {}, hide(value, key)), h('dd', {}, copyButton(() =>
        value, { what: name })))
    ))
}

/**
 * Whether the settings have a key: Zed reads none from its file.
 * @param {{ blocks?: readonly { text: string }[] }} client
 * @param {string} key
 */
function isFilled ({ blocks = [] }, key) {
  return blocks.some(({ text }) => text.includes(key))
}

/**
 * @param {string} text
 * @param {string | undefined} key
 */
function hide (text, key) {
  return key === undefined ? text : text.replaceAll(key, dots)
}
