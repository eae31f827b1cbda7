// The models of the cases. A real model if its endpoints force the direction. Otherwise one that the emulator serves on
// a single endpoint: Copilot lists Claude on two, so no plan would translate Chat into Messages.
import { models, type Emulator, type ModelEntry } from '../../../src/emulator/emulator.ts'

const C = '/chat/completions'
const R = '/responses'
const M = '/v1/messages'

/** Served on Chat only. */
export const gpt = 'gpt-4.1'
export const gemini = 'gemini-3.1-pro-preview'
export const claudeOnChat = 'claude-sonnet-4.6-c'
export const gpt5OnChat = 'gpt-5.1-c'
/** Served on Responses only. */
export const codex = 'gpt-5.3-codex'
export const gpt5 = 'gpt-5.1-r'
/** Served on Messages only: one with adaptive thinking, one with a budget. */
export const claude = 'claude-sonnet-4.6-m'
export const claudeOnBudget = 'claude-sonnet-4.5-m'
/** As Copilot lists it: on Chat and Messages. */
export const claudeOnBoth = 'claude-sonnet-4.6'
export const withoutStreams = 'o1'

const only: Readonly<Record<string, readonly [like: string, path: string]>> = {
  [claudeOnChat]: ['claude-sonnet-4.6', C],
  [gpt5OnChat]: ['gpt-5.1', C],
  [gpt5]: ['gpt-5.1', R],
  [claude]: ['claude-sonnet-4.6', M],
  [claudeOnBudget]: ['claude-sonnet-4.5', M],
}

export function addModels (emulator: Emulator): void {
  for (const [id, [like, path]] of Object.entries(only)) {
    emulator.models.push({ ...entryOf(like), id, supported_endpoints: [path] })
  }
}

function entryOf (id: string): ModelEntry {
  const found = models.find(model => model.id === id)
  if (found === undefined) throw new Error(`the emulator has no ${id}`)
  return found
}
