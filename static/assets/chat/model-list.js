// The list of models, in a dialog: a search box that is a combobox, and a list box with a group for each kind. See
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/. The focus stays in the search box; arrow keys move the marked
// option.
import { announce } from '../lib/announce.js'
import { h, icon, openDialog } from '../lib/dom.js'
import { recallList, remember } from '../lib/remember.js'
import { t } from '../lib/text.js'
import { abilitiesOf, priceOf, windowOf } from './model-words.js'
/** @import { Model } from '../types.d.ts' */

const rememberedAs = 'copilot-proxy.favourites'
const pageRows = 6

/**
 * @param {{ models: readonly Model[], current: Model | null, onChoose: (id: string) => void }} page
 */
export function openModelList ({ models, current, onChoose }) {
  const favourites = new Set(recallList(rememberedAs).map(String))
  /** @type {readonly Model[]} */
  let shown = []
  let marked = current?.id ?? ''

  const list = h('div', { role: 'listbox', id: 'model-options', class: 'model-options', tabindex: '-1',
    'aria-label': t('chat.models') })
  const none = h('p', { class: 'muted model-none', hidden: true }, t('chat.models.none'))
  const search = h('input', { type: 'text', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': list.id,
    'aria-autocomplete': 'list', 'aria-label': t('chat.models.search'), placeholder: t('chat.models.search'),
    autocomplete: 'off', spellcheck: 'false', oninput: () => draw(true) })
  const star = h('button', { type: 'button', class: 'quiet small', onclick: () => favour(marked) })
  const dialog = h('dialog', { class: 'model-list', 'aria-label': t('chat.models.choose') })
  dialog.append(
    h('div', { class: 'row tight' }, search,
      h('button', { type: 'button', class: 'quiet square', 'aria-label': t('chat.close'), onclick () {
        dialog.close()
      } }, icon('cross'))),
    list,
    none,
    h('div', { class: 'model-foot' }, star, h('span', { class: 'muted small-text wide' }, t('chat.models.keys'))),
  )
  search.addEventListener('keydown', onKey)
  list.addEventListener('click', onClick)
  list.addEventListener('mousedown', event => event.preventDefault())
  dialog.addEventListener('click', event => {
    if (event.target === dialog) dialog.close()
  })
  openDialog(dialog)
  draw(false)
  search.focus()

  /** @param {boolean} isSearch whether the user has just typed */
  function draw (isSearch) {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const fits = (/** @type {Model} */ model) => words.every(word => textOf(model).includes(word))
    const found = models.filter(fits)
    const groups = groupsOf(found, favourites)
    shown = groups.flatMap(group => group.models)
    if (isSearch || !shown.some(({ id }) => id === marked)) marked = shown[0]?.id ?? ''
    let at = 0
    list.replaceChildren(
      ...groups.map(group =>
        h('div', { role: 'group', 'aria-label': group.name },
          h('div', { class: 'group-name', 'aria-hidden': 'true' }, group.name), group.models.map(model =>
            drawOption(model, at++)
          ))
      ),
    )
    list.hidden = shown.length === 0
    none.hidden = shown.length > 0
    if (isSearch) announce(shown.length === 0 ? t('chat.models.none') : t('chat.models.count', { count: shown.length }))
    mark(marked)
  }

  /**
   * @param {Model} model
   * @param {number} at
   */
  function drawOption (model, at) {
    const isFavourite = favourites.has(model.id)
    return h(
      'div',
      { role: 'option', id: `model-option-${at}`, 'aria-selected': String(model.id === current?.id),
        dataset: { model: model.id } },
      h('span', { class: 'model-title' }, h('strong', {}, model.name ?? model.id),
        h('span', { class: 'muted model-id' }, model.name === model.id ? '' : model.id)),
      h('span', { class: 'model-facts' }, h('span', { class: model.free ? 'badge free' : 'badge' }, priceOf(model)),
        ...[windowOf(model), ...abilitiesOf(model)].filter(Boolean).map(word => h('span', { class: 'badge' }, word))),
      // For the pointer. The button below the list does the same for the marked model.
      h('span', { class: isFavourite ? 'star on' : 'star', 'aria-hidden': 'true' }, isFavourite ? '★' : '☆'),
      isFavourite ? h('span', { class: 'offscreen' }, t('chat.models.favourite')) : null,
    )
  }

  /** @param {string} id */
  function mark (id) {
    marked = id
    for (const option of list.querySelectorAll('[role="option"]')) {
      const isMarked = option instanceof HTMLElement && option.dataset['model'] === id
      option.classList.toggle('marked', isMarked)
      if (!isMarked) continue
      search.setAttribute('aria-activedescendant', option.id)
      option.scrollIntoView({ block: 'nearest' })
    }
    if (id === '') search.removeAttribute('aria-activedescendant')
    star.hidden = id === ''
    const name = models.find(model => model.id === id)?.name ?? id
    star.textContent = t(favourites.has(id) ? 'chat.models.unstar' : 'chat.models.star', { name })
  }

  /** @param {KeyboardEvent} event */
  function onKey (event) {
    const at = shown.findIndex(({ id }) => id === marked)
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: pageRows, PageUp: -pageRows }
    const step = steps[/** @type {keyof typeof steps} */ (event.key)]
    if (step !== undefined) {
      event.preventDefault()
      const last = shown.length - 1
      const next = Math.abs(step) > 1
        ? Math.max(0, Math.min(last, at + step))
        : (at + step + shown.length) % Math.max(1, shown.length)
      mark(shown[next]?.id ?? '')
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault()
      choose(marked)
    }
  }

  /** @param {Event} event */
  function onClick ({ target }) {
    const option = target instanceof Element ? target.closest('[role="option"]') : null
    if (!(option instanceof HTMLElement) || !(target instanceof Element)) return
    const id = option.dataset['model'] ?? ''
    if (target.closest('.star') === null) choose(id)
    else favour(id)
  }

  /** @param {string} id */
  function choose (id) {
    if (id === '') return
    dialog.close()
    onChoose(id)
  }

  /** @param {string} id */
  function favour (id) {
    if (!favourites.delete(id)) favourites.add(id)
    remember(rememberedAs, JSON.stringify([...favourites]))
    marked = id
    draw(false)
  }
}

/** @param {Model} model */
function textOf (model) {
  return [model.id, model.name, model.vendor, priceOf(model), ...abilitiesOf(model)].join(' ').toLowerCase()
}

/**
 * @param {readonly Model[]} models
 * @param {ReadonlySet<string>} favourites
 */
function groupsOf (models, favourites) {
  const rest = models.filter(({ id }) => !favourites.has(id))
  return [{ name: t('chat.models.favourites'), models: models.filter(({ id }) => favourites.has(id)) }, {
    name: t('chat.models.free'),
    models: rest.filter(model => isOffered(model) && model.free === true),
  }, { name: t('chat.models.premium'), models: rest.filter(model => isOffered(model) && model.free !== true) }, {
    name: t('chat.models.older'),
    models: rest.filter(model => !isOffered(model)),
  }].filter(group => group.models.length > 0)
}

/** @param {Model} model */
function isOffered (model) {
  return model.model_picker_enabled !== false
}
