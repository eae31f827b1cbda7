// "Connect a tool": the tools on the left, the settings of one on the right, in the syntax of the reader's shell. Each
// tool has a key of its own. In the settings below the key dots hide it until the reader presses Show; a copy has it.
import { copyButton } from '../lib/copy.js'
import { byId, h, icon } from '../lib/dom.js'
import { createVisibility, drawSecretText, visibilityButton } from '../lib/secret.js'
import { tabs } from '../lib/tabs.js'
import { t } from '../lib/text.js'
import { factsOf, offered, smallest, suggest } from '../connect/models.js'
import { clientSettings } from './clients.js'
import { drawCatalogueButton } from './codex-file.js'
import { chooseShell, chosenShell, shells } from './shells.js'
import { drawToolKey } from './tool-key.js'
/** @import { Visibility } from '../lib/secret.js' */
/** @import { Model, Session, UserKey } from '../types.d.ts' */
/** @import { Client } from './clients.js' */
/** @import { ShellName } from './shells.js' */

/** Until the list has arrived, and for a seat without chat models. */
const fallback = Object.freeze([{ id: 'gpt-4.1', name: 'GPT-4.1', free: true }])
/** In the settings of a tool that has no key yet. */
const placeholder = 'YOUR_KEY'

/** @param {{ onKey: () => Promise<unknown> }} page called after a tool has got a key */
export function setUpSnippets ({ onKey }) {
  const list = byId('client-tabs')
  const picker = byId('snippet-model')
  const shellPicker = byId('snippet-shell')
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
  shellPicker.replaceChildren(...Object.entries(shells).map(([id, { name }]) => h('option', { value: id }, name)))
  shellPicker.value = chosenShell()
  shellPicker.addEventListener('change', () => {
    chooseShell(shellNow())
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

  function shellNow () {
    return /** @type {ShellName} */ (shellPicker.value)
  }

  /** @param {readonly Model[]} next at least one */
  function setModels (next) {
    models = next
    const before = picker.value
    picker.replaceChildren(...group(t('setup.tool.free'), models.filter(({ free }) => free)),
      ...group(t('setup.tool.others'), models.filter(({ free }) => !free)))
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
      small: smallest(facts, chosenModel), models: facts, model: chosenModel, shell: shellNow() })
    if (list.childElementCount === 0) list.replaceChildren(...clients.map(({ id, name }) => drawTab(id, name)))
    const client = clients.find(({ id }) => id === chosen)
    const [first] = list.children
    if (client === undefined) return first instanceof HTMLElement ? select(first) : undefined
    byId('client-panel').setAttribute('aria-labelledby', `client-${client.id}`)
    byId('client-panel').replaceChildren(...drawClient(session, client, key))
  }

  /**
   * @param {Session} session
   * @param {Client} client
   * @param {string | undefined} key
   */
  function drawClient (session, client, key) {
    const { id: name, name: label, line, intro, catalogue, blocks = [], places, notes = [] } = client
    const settings = createSettings(key)
    return [...(line ? [settings.block(line)] : []),
      drawToolKey({ name, label, isConnected: line !== undefined && isFilled(client, key ?? placeholder), key,
        earlier: keys.find(one => one.name === name), onKey: async secret => {
          made.set(name, secret)
          await onKey()
          draw()
          byId('client-panel').focus()
        } }), ...(intro ? [h('p', {}, intro)] : []), ...(catalogue ? [drawCatalogueButton(session, catalogue)] : []),
      ...blocks.map(block => settings.block(block)), ...(places ? [settings.places(places)] : []),
      ...notes.map(note => h('div', { class: 'banner warn small-text' }, icon('warn'), h('p', {}, note)))]
  }
}

/**
 * All settings of one tool show or hide its key together.
 * @param {string | undefined} key
 */
function createSettings (key) {
  const visibility = createVisibility(false)
  return {
    /** @param {{ title: string, text: string }} block */
    block ({ title, text }) {
      const code = drawText(h('code', {}), text, key, visibility)
      return h('figure', { class: 'snippet' },
        h('figcaption', {}, h('span', { class: 'grow' }, title), ...buttons(text, key, visibility, title, code)),
        h('pre', { tabindex: '0', 'aria-label': title }, code))
    },
    /** @param {readonly (readonly [string, string])[]} places */
    places (places) {
      return h('dl', { class: 'places' }, places.map(([name, value]) => {
        const shown = drawText(h('dd', {}), value, key, visibility)
        return h('div', {}, h('dt', {}, name), shown,
          h('dd', { class: 'ends' }, ...buttons(value, key, visibility, name, shown)))
      }))
    },
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 * @param {string | undefined} key
 * @param {Visibility} visibility
 */
function drawText (element, text, key, visibility) {
  return drawSecretText(element, text, { secret: key ?? placeholder,
    visibility: key === undefined ? createVisibility(true) : visibility })
}

/**
 * @param {string} text
 * @param {string | undefined} key
 * @param {Visibility} visibility
 * @param {string} what
 * @param {HTMLElement} fallback
 */
function buttons (text, key, visibility, what, fallback) {
  const hasKey = key !== undefined && text.includes(key)
  return [...(hasKey ? [visibilityButton(visibility, what)] : []),
    copyButton(() => text, { what, fallback, onFallback: () => {
      if (hasKey) visibility.set(true)
    } })]
}

/**
 * @param {string} label
 * @param {readonly Model[]} models
 */
function group (label, models) {
  if (models.length === 0) return []
  return [
    h('optgroup', { label }, models.map(model =>
      h('option', { value: model.id },
        model.free ? t('setup.tool.free-model', { name: model.name ?? model.id }) : model.name ?? model.id)
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
 * Whether the settings have a key: Zed reads none from its file.
 * @param {Pick<Client, 'blocks'>} client
 * @param {string} key
 */
function isFilled ({ blocks = [] }, key) {
  return blocks.some(({ text }) => text.includes(key))
}
