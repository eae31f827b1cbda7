// The model itself: no intelligence, but the manners of an agent's model, and always the same answer to the same words.
import { answerWith, reply } from './prose.ts'
import { styleOf } from './model-entry.ts'
import { quotedIn, sample } from './sample.ts'
import type { Ask, OfferedTool } from './ask.ts'
import type { Script, ScriptedCall } from './script.ts'

export function think (ask: Ask): Script {
  const said = ask.said.replace(/<system-reminder>.*?<\/system-reminder>/gs, '').trim()
  // Claude says what it is about to do; OpenAI's models just do it.
  const calls = ask.results.length > 0 ? [] : chooseCalls(ask, said)
  const reasoning = ask.reasoning ? { reasoning: reasonAbout(ask, said, calls) } : {}
  if (calls.length > 0) return { ...reasoning, ...(styleOf(ask.model) === 'claude' ? { text: `I will use ${calls.map(call => `\`${call.name}\``).join(' and ')}.` } : {}), toolCalls: calls }
  if (ask.results.length > 0 && ask.schema === undefined) return { ...reasoning, text: answerWith(ask.results) }
  if (ask.schema !== undefined) return { ...reasoning, text: JSON.stringify(sample(ask.schema, said)) }
  return { ...reasoning, text: reply(ask, said) }
}

/** Newer Claude models think without showing it. */
function reasonAbout (ask: Ask, said: string, calls: readonly ScriptedCall[]): string {
  if (ask.dialect === 'messages' && ask.model.capabilities.supports.adaptive_thinking === true) return ''
  const plan = calls.length > 0 ? `call ${calls.map(call => call.name).join(' and ')}` : 'answer directly'
  return `The user says: ${said.slice(0, 80)}. I will ${plan}.`
}

function chooseCalls (ask: Ask, said: string): ScriptedCall[] {
  const { toolChoice: choice, tools } = ask
  const first = tools[0]
  if (first === undefined || choice === 'none') return []
  if (typeof choice === 'object') return tools.filter(tool => tool.name === choice.name).map(tool => toCall(tool, said))
  const wanted = wantedTools(tools, said)
  if (wanted.length === 0 && (choice === 'required' || /\b(?:use|call) (?:the|a|your) tools?\b/i.test(said))) wanted.push(first)
  const several = /\b(?:both|parallel)\b/i.test(said)
  const named = wanted.filter(tool => mentions(said, tool.name))
  if (!ask.parallel || (!several && named.length < 2)) return wanted.slice(0, 1).map(tool => toCall(tool, said))
  if (!several) return named.map(tool => toCall(tool, said))
  const one = wanted[0] ?? first
  // One tool to be called several times: once for each thing quoted.
  if (wanted.length === 1 && quotedIn(said).length > 1) return quotedIn(said).map(quote => toCall(one, `"${quote}"`))
  if (wanted.length > 1) return wanted.map(tool => toCall(tool, said))
  return [one, tools.find(tool => tool !== one) ?? one].map(tool => toCall(tool, said))
}

/** Verbs people use, and the words in the names of the tools they mean. */
const meanings: [RegExp, RegExp][] = [
  [/\b(?:run|execute)\b/i, /bash|shell|terminal|exec|run|command/i],
  [/\b(?:read|open|look at)\b/i, /read|view|open|^cat$/i],
  [/\b(?:search|find|grep)\b/i, /search|find|grep|glob/i],
]
const common = new Set(['get', 'set', 'the', 'and', 'for', 'all', 'new', 'use', 'tool', 'user', 'ask', 'with', 'from', 'file', 'mcp', 'out', 'web'])

/** Those named in full, then those with a word of their name in the text, then those a verb may mean. */
function wantedTools (tools: readonly OfferedTool[], said: string): OfferedTool[] {
  const named = tools.filter(tool => mentions(said, tool.name))
  if (named.length > 0) return named
  const hinted = tools.filter(tool => wordsOf(tool.name).some(word => mentions(said, word)))
  if (hinted.length > 0) return hinted
  return tools.filter(tool => meanings.some(([verb, name]) => verb.test(said) && name.test(tool.name)))
}

function mentions (said: string, word: string): boolean {
  return new RegExp(`(?<![\\w-])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'i').test(said)
}

function wordsOf (name: string): string[] {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').split(/[^A-Za-z]+/).map(word => word.toLowerCase()).filter(word => word.length > 2 && !common.has(word))
}

function toCall (tool: OfferedTool, whole: string): ScriptedCall {
  // What agents put before the user's words may hold quotes of its own: those behind the tool's name count first.
  const behind = whole.slice(Math.max(0, whole.toLowerCase().lastIndexOf(tool.name.toLowerCase())))
  const said = quotedIn(behind).length > 0 ? behind : whole
  if (tool.custom) return { name: tool.name, arguments: quotedIn(said)[0] ?? said }
  return { name: tool.name, arguments: JSON.stringify(sample(tool.schema, said) ?? {}) }
}
