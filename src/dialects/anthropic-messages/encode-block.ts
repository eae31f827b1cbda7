// One block of an answer as it is streamed to a client of Messages: started when there is something to say, ended with
// whatever Anthropic's SDK needs. Which block speaks when is for `encode-stream.ts`.
import type { Carrier } from '../prompt.ts'
import { packCarrier } from '../carrier.ts'
import type { Part } from '../part.ts'
import { createJsonGuard } from './json-guard.ts'
import { text, writeEvent } from './wire.ts'

export interface BlockEncoder {
  readonly push: (part: Part) => string
  /** Of a block of text that has some: what is written around more of it. Else null. */
  readonly aroundText?: () => { readonly before: string, readonly behind: string } | null
  /** Anything but a complete block leaves the client waiting, so this always completes one that was begun. */
  readonly end: (carrier: Carrier | null) => string
}

export interface BlockOptions {
  /** The next free index. Blocks that say nothing never ask for one. */
  readonly takeIndex: () => number
  readonly showReasoning: boolean
}

type Start = Extract<Part, { type: 'text-start' | 'reasoning-start' | 'refusal-start' | 'tool-call-start' }>

export function createBlockEncoder (start: Start, options: BlockOptions): BlockEncoder {
  switch (start.type) {
    case 'text-start': case 'refusal-start': return createText(options)
    case 'reasoning-start': return createThinking(options)
    case 'tool-call-start': return createToolUse(start, options)
  }
}

interface Writer {
  readonly open: (block: object) => string
  readonly delta: (delta: object) => string
  /** The same of a piece of text, most of an answer being that: what stands around it in JSON. */
  readonly aroundText: () => { readonly before: string, readonly behind: string }
  readonly close: () => string
  readonly isOpen: () => boolean
}

function createWriter (takeIndex: () => number): Writer {
  let index = -1
  return {
    open (block) {
      index = takeIndex()
      return writeEvent('content_block_start', { index, content_block: block })
    },
    delta: delta => writeEvent('content_block_delta', { index, delta }),
    aroundText: () => ({ before: `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":"text_delta","text":`, behind: '}}\n\n' }),
    close: () => writeEvent('content_block_stop', { index }),
    isOpen: () => index !== -1,
  }
}

function createText ({ takeIndex }: BlockOptions): BlockEncoder {
  const { open, delta, aroundText, close, isOpen } = createWriter(takeIndex)
  /** Citations that came before the first word. */
  const early: object[] = []
  return {
    push (part) {
      if (part.type === 'citation') {
        const citation = { type: 'citations_delta', citation: toCitation(part) }
        if (isOpen()) return delta(citation)
        early.push(citation)
      }
      if ((part.type !== 'text-delta' && part.type !== 'refusal-delta') || part.text === '') return ''
      const before = isOpen() ? '' : open({ type: 'text', text: '' })
      const cited = early.length === 0 ? '' : early.splice(0).map(delta).join('')
      return before + cited + delta({ type: 'text_delta', text: part.text })
    },
    aroundText: () => isOpen() ? aroundText() : null,
    end: () => isOpen() ? close() : '',
  }
}

export function toCitation ({ url, title, citedText }: { url: string, title: string, citedText: string | null }) {
  return { type: 'web_search_result_location', url, title, cited_text: citedText ?? '', encrypted_index: '' }
}

/** State that comes without a word of reasoning of Chat's has come late: its thinking block is closed already. */
function createThinking ({ takeIndex, showReasoning }: BlockOptions): BlockEncoder {
  const { open, delta, close, isOpen } = createWriter(takeIndex)
  let said = ''
  return {
    push (part) {
      if (part.type !== 'reasoning-delta' || part.text === '') return ''
      said += part.text
      if (!showReasoning) return ''
      const before = isOpen() ? '' : open({ type: 'thinking', thinking: '', signature: '' })
      return before + delta({ type: 'thinking_delta', thinking: part.text })
    },
    end (carrier) {
      if (carrier === null) return isOpen() ? close() : ''
      const redacted = redactedData(carrier, said)
      if (redacted !== null) return (isOpen() ? close() : '') + open({ type: 'redacted_thinking', data: redacted }) + close()
      const before = isOpen() ? '' : open({ type: 'thinking', thinking: '', signature: '' })
      return before + delta({ type: 'signature_delta', signature: signatureOf(carrier, showReasoning ? said : '') }) + close()
    },
  }
}

/** What goes into a `redacted_thinking`, or null when the carrier belongs on a thinking block. */
export function redactedData (carrier: Carrier, said: string): string | null {
  if (carrier.kind === 'd') return text(carrier.item['data']) || packCarrier(carrier)
  return carrier.kind === 'c' && said === '' ? packCarrier(carrier) : null
}

/** Anthropic's own signature is valid beside the very text it was made for. */
export function signatureOf (carrier: Carrier, shown: string): string {
  const { kind, item } = carrier
  return kind === 'm' && item['thinking'] === shown && text(item['signature']) !== '' ? text(item['signature']) : packCarrier(carrier)
}

function createToolUse ({ callId, name, kind }: Extract<Start, { type: 'tool-call-start' }>, { takeIndex }: BlockOptions): BlockEncoder {
  const { open, delta, close, isOpen } = createWriter(takeIndex)
  const guard = createJsonGuard()
  const isCustom = kind === 'custom'
  const write = (json: string) => json === '' ? '' : delta({ type: 'input_json_delta', partial_json: json })
  const begin = () => isOpen() ? '' : open({ type: 'tool_use', id: callId, name, input: {} }) + (isCustom ? write(guard.push('{"input":"')) : '')
  return {
    push (part) {
      if (part.type === 'tool-call-start') return begin()
      if (part.type !== 'tool-call-delta' || part.text === '') return ''
      return begin() + write(guard.push(isCustom ? JSON.stringify(part.text).slice(1, -1) : part.text))
    },
    end: () => begin() + write((isCustom ? guard.push('"}') : '') + guard.end()) + close(),
  }
}
