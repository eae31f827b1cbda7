// The model itself. It has no intelligence, but it behaves like an agent's model, and the same text always gets the
// same answer.
import { fields } from './json.ts'
import { answerWith, reply } from './prose.ts'
import { styleOf } from './model-entry.ts'
import { quotedIn, sample } from './sample.ts'
import { cited, findPages, marked, type OfferedSearch } from './web.ts'
import type { Ask, OfferedTool } from './ask.ts'
import type { Script, ScriptedCall } from './script.ts'

export function think (ask: Ask): Script {
  const prompt = ask.userText.replace(/<system-reminder>.*?<\/system-reminder>/gs, '').trim()
  const calls = ask.results.length > 0 ? [] : chooseCalls(ask, prompt)
  if (calls.length === 0 && ask.search !== null && ask.schema === undefined) {
    const found = search(ask, ask.search, prompt)
    if (found !== null) return found
  }
  const reasoning = ask.reasoning ? { reasoning: reasonAbout(ask, prompt, calls) } : {}
  if (calls.length > 0) {
    return { ...reasoning, ...announces(ask) && { text: announcement(calls) }, toolCalls: calls }
  }
  if (ask.results.length > 0 && ask.schema === undefined) return { ...reasoning, text: answerWith(ask.results) }
  if (ask.schema !== undefined) return { ...reasoning, text: JSON.stringify(sample(ask.schema, prompt)) }
  return { ...reasoning, text: reply(ask, prompt) }
}

/** Claude announces its tool calls, except those that the request forces. OpenAI's models make them without a word. */
function announces ({ model, toolChoice }: Ask): boolean {
  return styleOf(model) === 'claude' && (toolChoice === 'auto' || toolChoice === 'none')
}

function announcement (calls: readonly ScriptedCall[]): string {
  return `I will use ${calls.map(call => `\`${call.name}\``).join(' and ')}.`
}

/** Searches if there is nothing else to use, or if the prompt sounds like it. */
function search (ask: Ask, offered: OfferedSearch, prompt: string): Script | null {
  if (ask.results.length > 0) return null
  if (ask.tools.length > 0 && !/\b(?:search|look up|web|news|latest|tides?)\b/i.test(prompt)) return null
  const opened = /^Open the page (https?:\S+)/.exec(prompt)?.[1]
  if (opened !== undefined) {
    const page = findPages(offered).find(({ url }) => url === opened)
    return { searches: [{ queries: [], sources: [opened] }], text: page?.says ?? 'The page cannot be reached.' }
  }
  const quoted = quotedIn(prompt)
  const found = findPages(offered)
  return {
    searches: (quoted.length > 0 ? quoted : [prompt.slice(0, 200)]).map(query => ({ queries: [query],
      sources: found.map(({ url }) => url) })
    ),
    text: found.length === 0 ? 'No page fits.' : found.map(cited).join('\n\n'),
    citations: found.map(page => ({ link: cited(page).slice(page.says.length + 1), url: marked(page.url),
      title: page.title })
    ),
  }
}

/** Newer Claude models think without showing their thoughts. */
function reasonAbout (ask: Ask, prompt: string, calls: readonly ScriptedCall[]): string {
  const isShown = fields(fields(ask.request.json).thinking).display === 'summarized'
  if (ask.dialect === 'messages' && ask.model.capabilities.supports.adaptive_thinking === true && !isShown) return ''
  const plan = calls.length > 0 ? `call ${calls.map(call => call.name).join(' and ')}` : 'answer directly'
  return `The user says: ${prompt.slice(0, 80)}. I will ${plan}.`
}

function chooseCalls (ask: Ask, prompt: string): ScriptedCall[] {
  const { toolChoice: choice, tools } = ask
  const first = tools[0]
  if (first === undefined || choice === 'none') return []
  if (typeof choice === 'object') {
    return tools.filter(tool => tool.name === choice.name).map(tool => toCall(tool, prompt))
  }
  const wanted = wantedTools(tools, prompt)
  if (wanted.length === 0 && (choice === 'required' || /\b(?:use|call) (?:the|a|your) tools?\b/i.test(prompt))) {
    wanted.push(first)
  }
  const several = /\b(?:both|parallel)\b/i.test(prompt)
  const named = wanted.filter(tool => mentions(prompt, tool.name))
  if (!ask.parallel || (!several && named.length < 2)) return wanted.slice(0, 1).map(tool => toCall(tool, prompt))
  if (!several) return named.map(tool => toCall(tool, prompt))
  const one = wanted[0] ?? first
  // The prompt names one tool and quotes several things: call the tool once for each.
  if (wanted.length === 1 && quotedIn(prompt).length > 1) {
    return quotedIn(prompt).map(quote => toCall(one, `"${quote}"`))
  }
  if (wanted.length > 1) return wanted.map(tool => toCall(tool, prompt))
  return [one, tools.find(tool => tool !== one) ?? one].map(tool => toCall(tool, prompt))
}

/** Verbs that people use, and words in the names of the matching tools. */
const meanings: [RegExp, RegExp][] = [[/\b(?:run|execute)\b/i, /bash|shell|terminal|exec|run|command/i], [
  /\b(?:read|open|look at)\b/i,
  /read|view|open|^cat$/i,
], [/\b(?:search|find|grep)\b/i, /search|find|grep|glob/i]]
const common = new Set(['get', 'set', 'the', 'and', 'for', 'all', 'new', 'use', 'tool', 'user', 'ask', 'with', 'from',
  'file', 'mcp', 'out', 'web'])

/**
 * Tools with their full name in the text come first, then those with a word of their name in it, then those that a verb
 * matches.
 */
function wantedTools (tools: readonly OfferedTool[], prompt: string): OfferedTool[] {
  const named = tools.filter(tool => mentions(prompt, tool.name))
  if (named.length > 0) return named
  const hinted = tools.filter(tool => wordsOf(tool.name).some(word => mentions(prompt, word)))
  if (hinted.length > 0) return hinted
  return tools.filter(tool => meanings.some(([verb, name]) => verb.test(prompt) && name.test(tool.name)))
}

function mentions (prompt: string, word: string): boolean {
  return new RegExp(`(?<![\\w-])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'i').test(prompt)
}

function wordsOf (name: string): string[] {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').split(/[^A-Za-z]+/).map(word => word.toLowerCase()).filter(word =>
    word.length > 2 && !common.has(word)
  )
}

function toCall (tool: OfferedTool, whole: string): ScriptedCall {
  // Agents put text in front of the user's message, which may contain quotes. So the quotes after the tool's name come
  // first.
  const behind = whole.slice(Math.max(0, whole.toLowerCase().lastIndexOf(tool.name.toLowerCase())))
  const prompt = quotedIn(behind).length > 0 ? behind : whole
  if (tool.custom) return { name: tool.name, arguments: quotedIn(prompt)[0] ?? prompt }
  return { name: tool.name, arguments: JSON.stringify(sample(tool.schema, prompt) ?? {}) }
}
