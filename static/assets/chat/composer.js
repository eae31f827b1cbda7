// The message box. It never loses what the user typed: the text leaves the box only once the conversation has it.
import { announce } from '../lib/announce.js'
import { byId, h, icon, show } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { problemOfAttachments, readAttachment } from './attachments.js'
import { drawFiles } from './file-chips.js'
/** @import { Attachment, Draft, Model, Turn } from '../types.d.ts' */

/** Each model takes other files. */
const noModel = { problem: t('composer.model.files'), file: undefined, note: undefined }

/**
 * @param {{
 *   onSend: (text: string, attachments: readonly Attachment[], edited: Turn | null) => boolean,
 *   onStop: () => void, onEditLast: () => void, onDraft: (isFile: boolean) => void, model: () => Model | null,
 * }} page `edited` is the turn that the message is a new version of; `onSend` returns whether it took the message;
 * `onDraft` is called when the draft has changed, by a file or by its text; `model` is the chosen one
 */
export function createComposer ({ onSend, onStop, onEditLast, onDraft, model }) {
  const box = byId('message')
  const send = byId('send')
  const picker = byId('file')
  /** @type {Attachment[]} */
  let attachments = []
  /** @type {Turn | null} */
  let edited = null
  /** The draft that an edit has taken the place of. @type {Draft} */
  let aside = { text: '', attachments: [] }
  let isRunning = false

  byId('attach').replaceChildren(icon('plus'))
  byId('attach').addEventListener('click', () => picker.click())
  picker.addEventListener('change', () => {
    void add([...picker.files ?? []])
    picker.value = ''
  })
  box.addEventListener('input', () => {
    grow()
    drafted(false)
  })
  box.addEventListener('keydown', event => {
    // Enter sends. It does not send while an input method composes a word, and on a phone it starts a new line.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing
      && !window.matchMedia('(pointer: coarse)').matches) {
      event.preventDefault()
      submit()
    } else if (event.key === 'ArrowUp' && box.value === '' && attachments.length === 0) onEditLast()
    else if (event.key === 'Escape' && edited !== null) {
      event.stopPropagation()
      cancelEdit()
    }
  })
  byId('composer').addEventListener('submit', event => {
    event.preventDefault()
    submit()
  })
  byId('edit-cancel').addEventListener('click', cancelEdit)
  box.addEventListener('paste', event => {
    const files = [...event.clipboardData?.files ?? []]
    if (files.length === 0) return
    event.preventDefault()
    void add(files)
  })
  for (const name of /** @type {const} */ (['dragover', 'dragleave', 'drop'])) {
    byId('chat').addEventListener(name, event => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      byId('chat').classList.toggle('dropping', name === 'dragover')
      if (name === 'drop') void add([...event.dataTransfer.files])
    })
  }
  draw()

  return {
    /** @param {boolean} next */
    setRunning (next) {
      isRunning = next
      draw()
    },
    /** @param {Turn} turn */
    edit (turn) {
      if (edited === null) aside = { text: box.value, attachments }
      edited = turn
      fill({ text: turn.text, attachments: turn.attachments.filter(({ data }) => data !== undefined) })
      box.focus()
      announce(t('composer.editing.announced'))
    },
    /** @returns {Draft} what the user typed; during an edit, the draft before it */
    draft: () => edited === null ? { text: box.value, attachments } : aside,
    /**
     * For another conversation: ends an edit, and shows a draft.
     * @param {Draft} draft
     */
    show (draft) {
      edited = null
      fill(draft)
    },
    /** Another model may have other limits. */
    modelChanged () {
      say(problem() ?? '')
    },
    /** For another user: drops the draft, too. */
    clear,
    focus: () => box.focus(),
    say,
  }

  function problem () {
    const chosen = model()
    return chosen === null ? null : problemOfAttachments(attachments, chosen)
  }

  function submit () {
    if (isRunning) return onStop()
    const text = box.value.trim()
    if (text === '' && attachments.length === 0) return
    const reason = problem()
    if (reason !== null) return say(reason)
    if (!onSend(text, attachments, edited)) return
    if (edited === null) clear()
    else endEdit()
  }

  /** @param {readonly File[]} files */
  async function add (files) {
    const notes = []
    for (const blob of files) {
      const chosen = model()
      say(t('chat.file.reading', { name: blob.name }))
      const { file, problem, note } = chosen === null ? noModel : await readAttachment(blob, chosen, attachments)
      if (file) attachments.push(file)
      if (problem ?? note) notes.push(problem ?? note)
    }
    draw()
    say(notes.join(' '))
    box.focus()
    drafted(true)
  }

  /** @param {boolean} isFile */
  function drafted (isFile) {
    if (edited === null) onDraft(isFile)
  }

  function cancelEdit () {
    endEdit()
    box.focus()
  }

  /** The draft from before the edit comes back. */
  function endEdit () {
    edited = null
    fill(aside)
    aside = { text: '', attachments: [] }
  }

  function clear () {
    edited = null
    fill({ text: '', attachments: [] })
  }

  /** @param {Draft} draft */
  function fill (draft) {
    box.value = draft.text
    attachments = [...draft.attachments]
    draw()
  }

  function draw () {
    say('')
    byId('attachments').replaceChildren(...attachments.length === 0 ? [] : [drawFiles(attachments, remove)])
    show(byId('editing'), edited !== null)
    send.replaceChildren(icon(isRunning ? 'stop' : 'send'),
      h('span', { class: 'offscreen' }, isRunning ? t('composer.stop') : t('composer.send')))
    send.classList.toggle('primary', !isRunning)
    grow()
  }

  /** @param {Attachment} file */
  function remove (file) {
    attachments = attachments.filter(one => one !== file)
    draw()
    box.focus()
    drafted(true)
  }

  function grow () {
    box.style.height = 'auto'
    box.style.height = `${Math.min(box.scrollHeight + 2, window.innerHeight * 0.4)}px`
  }

  /** @param {string} text */
  function say (text) {
    byId('composer-note').textContent = text
  }
}
