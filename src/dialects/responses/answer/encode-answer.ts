// Encodes a whole answer by collecting the stream that adds up to it.
import type { EncodeOptions } from '../../contract/dialect.ts'
import type { Answer, Part } from '../../contract/part.ts'
import type { AnswerResponse } from '../wire-answer.ts'
import { createMachine, type MachineEvent } from './encode-stream.ts'

export function encodeAnswer (answer: Answer, options: EncodeOptions): AnswerResponse {
  let response: AnswerResponse = {}
  const machine = createMachine(options, event => {
    if (isTerminal(event)) response = event.response
  })
  for (const part of toParts(answer)) machine.push(part)
  return response
}

function isTerminal (event: MachineEvent): event is Extract<MachineEvent, { response: AnswerResponse }> {
  const { type } = event
  return type === 'response.completed' || type === 'response.incomplete'
}

/** A whole answer as a stream of parts. */
function toParts ({ id, model, created, blocks, usage, finish, stopSequence, explanation }: Answer): readonly Part[] {
  return [{ type: 'message-start', id, model, created }, ...blocks.flatMap((block, at): Part[] => {
    switch (block.type) {
      case 'text':
        return [{ type: 'text-start', block: at, apart: block.apart }, ...delta('text-delta', at, block.text),
          ...block.citations.map((citation): Part => ({ type: 'citation', block: at, ...citation })), {
          type: 'block-end',
          block: at,
          ...(block.logprobs === null ? {} : { logprobs: block.logprobs }),
        }]
      case 'refusal':
        return [{ type: 'refusal-start', block: at }, ...delta('refusal-delta', at, block.text), { type: 'block-end',
          block: at }]
      case 'reasoning':
        return [{ type: 'reasoning-start', block: at }, ...delta('reasoning-delta', at, block.text), {
          type: 'block-end',
          block: at,
          carrier: block.carrier,
        }]
      case 'search':
        return [{ type: 'search-start', block: at, callId: block.callId, tool: block.search.tool }, {
          type: 'block-end',
          block: at,
          search: block.search,
        }]
      case 'tool-call': {
        const { callId, name, namespace, kind, builtin, isCut } = block
        return [{ type: 'tool-call-start', block: at, callId, name, namespace, kind, builtin },
          ...delta('tool-call-delta', at, block.input), { type: 'block-end', block: at, isCut: isCut === true }]
      }
    }
  }), ...(usage === null ? [] : [{ type: 'usage', usage } as const]), { type: 'message-end', reason: finish,
    stopSequence, explanation }]
}

function delta (
  type: 'text-delta' | 'refusal-delta' | 'reasoning-delta' | 'tool-call-delta',
  block: number,
  text: string,
): Part[] {
  return text === '' ? [] : [{ type, block, text }]
}
