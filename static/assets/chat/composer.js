// Where people write. What was typed is never lost: it leaves the box only when it stands in the conversation.
import { announce } from '../lib/announce.js'
import { byId, h, icon, show } from '../lib/dom.js'
import { problemOfAttachments, readAttachment } from './attachments.js'
import { drawFiles } from './file-chips.js'

/**
 * @param onSend called with `(text, attachments, edited)`; `edited` is the turn that is said anew, or null
 * @param model the one that is chosen now, whose limits hold
 */
export function createComposer ({ onSend, onStop, onEditLast, model }) {
  const box = byId('message')
  const send = byId('send')
  const picker = byId('file')
  let attachments = []
  let edited = null
  let isRunning = false

  byId('attach').replaceChildren(icon('plus'))
  byId('attach').addEventListener('click', () => picker.click())
  picker.addEventListener('change', () => { void add([...picker.files]); picker.value = '' })
  box.addEventListener('input', grow)
  box.addEventListener('keydown', event => {
    // Enter sends, but not the Enter that ends an input method's word, and on a phone it is a line.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !window.matchMedia('(pointer: coarse)').matches) {
      event.preventDefault()
      submit()
    } else if (event.key === 'ArrowUp' && box.value === '' && attachments.length === 0) onEditLast()
    else if (event.key === 'Escape' && edited !== null) { event.stopPropagation(); cancelEdit() }
  })
  byId('composer').addEventListener('submit', event => { event.preventDefault(); submit() })
  byId('edit-cancel').addEventListener('click', cancelEdit)
  box.addEventListener('paste', event => {
    const files = [...event.clipboardData?.files ?? []]
    if (files.length === 0) return
    event.preventDefault()
    void add(files)
  })
  for (const name of ['dragover', 'dragleave', 'drop']) {
    byId('chat').addEventListener(name, event => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      byId('chat').classList.toggle('dropping', name === 'dragover')
      if (name === 'drop') void add([...event.dataTransfer.files])
    })
  }
  draw()

  return {
    setRunning (next) { isRunning = next; draw() },
    edit (turn) {
      edited = turn
      box.value = turn.text
      attachments = turn.attachments.filter(({ data }) => data !== undefined)
      draw()
      box.focus()
      announce('Editing. Escape cancels.')
    },
    /** Another conversation: an edit is over, a draft stays. */
    leave () { if (edited !== null) cancelEdit() },
    /** Limits may be others now. */
    modelChanged () { say(problemOfAttachments(attachments, model()) ?? '') },
    focus: () => box.focus(),
    say,
  }

  function submit () {
    if (isRunning) return onStop()
    const text = box.value.trim()
    if (text === '' && attachments.length === 0) return
    const problem = problemOfAttachments(attachments, model())
    if (problem !== null) return say(problem)
    const [files, turn] = [attachments, edited]
    if (!onSend(text, files, turn)) return
    box.value = ''
    attachments = []
    edited = null
    draw()
  }

  async function add (files) {
    const notes = []
    for (const blob of files) {
      const { file, problem, note } = await readAttachment(blob, model(), attachments)
      if (file) attachments.push(file)
      if (problem ?? note) notes.push(problem ?? note)
    }
    draw()
    say(notes.join(' '))
    box.focus()
  }

  function cancelEdit () {
    edited = null
    box.value = ''
    attachments = []
    draw()
    box.focus()
  }

  function draw () {
    say('')
    byId('attachments').replaceChildren(...(attachments.length === 0 ? [] : [drawFiles(attachments, file => { attachments = attachments.filter(one => one !== file); draw(); box.focus() })]))
    show(byId('editing'), edited !== null)
    send.replaceChildren(icon(isRunning ? 'stop' : 'send'), h('span', { class: 'offscreen' }, isRunning ? 'Stop' : 'Send'))
    send.classList.toggle('primary', !isRunning)
    grow()
  }

  function grow () {
    box.style.height = 'auto'
    box.style.height = `${Math.min(box.scrollHeight + 2, window.innerHeight * 0.4)}px`
  }

  function say (text) {
    byId('composer-note').textContent = text
  }
}
