// Tool names and call ids, within the alphabets and lengths of each backend. The client gets its own names back: see
// `restore-names.ts`. Ids need no way back, because each answer brings its own.
import { fitName, hashText } from '../dialects/shared/tool-names.ts'
import type { JsonObject } from '../json.ts'
import { thenInSteps, type MaybeSteps } from '../steps.ts'
import { isClaude, isOpenAi } from './model-facts.ts'
import { inSteps, type Endpoint, type Rule, type RuleContext } from './rule.ts'
import { lastOfEachName, toolWires } from './tool-wire.ts'

const strictName = /^[a-zA-Z0-9_-]{1,64}$/
const dottedName = /^[a-zA-Z0-9_.-]{1,64}$/
const maxName = 64
/** Copilot's Responses endpoint reserves this name for its own tool. */
const reserved = 'tool_search'

type Renamer = ReturnType<typeof createRenamer>

/** Renames the tools of one request: each name once, and no two to the same. */
function createRenamer (isLegal: (name: string) => boolean, { rename }: RuleContext) {
  const fitted = new Map<string, string>()
  const taken = new Set<string>()
  return {
    /** Legal names are taken first, so that no other name becomes equal to one of them. */
    see: (name: string): string => {
      if (isLegal(name)) taken.add(name)
      return name
    },
    fit: (name: string): string => {
      if (isLegal(name)) return name
      const known = fitted.get(name)
      if (known !== undefined) return known
      let next = fitName(name, maxName)
      if (next === name || next === '') next = `${name.slice(0, maxName - 9)}_${hashText(name)}`
      const hash = taken.has(next) ? hashText(name) : ''
      for (let salt = 0; taken.has(next); salt++) next = `${next.slice(0, maxName - 9)}_${hashText(`${hash}\n${salt}`)}`
      taken.add(next)
      fitted.set(name, next)
      rename(next, name)
      return next
    },
  }
}

export function nameRules (endpoint: Endpoint, prefix: string): readonly Rule[] {
  const { names } = toolWires[endpoint]
  const rename = (body: JsonObject, renamer: Renamer): MaybeSteps<JsonObject> =>
    thenInSteps(names(body, renamer.see), () => names(body, renamer.fit))
  return [{
    fields: ['tools'],
    id: `${prefix}-tool-duplicates`,
    what: 'Of several tools of one name the last definition is kept.',
    models: 'all',
    applies: () => true,
    fix: 'drop',
    loses: 'no',
    when: 'always',
    source: { mark: 'guess', reference: 'Anthropic: "Tool names must be unique"' },
    apply: body => lastOfEachName(body),
  }, {
    id: `${prefix}-tool-names`,
    what: 'A tool name has at most 64 of the characters that the model takes; others are replaced, with a hash, and '
      + "the answer carries the client's name.",
    models: 'all',
    applies: () => true,
    fix: 'rewrite',
    loses: 'no',
    when: 'always',
    source: { mark: 'live', reference: 'github/copilot-cli#1879, #2581; microsoft/mcp#842; MariaDB/mcp#36' },
    ...inSteps((body, context) => {
      const pattern = endpoint === '/chat/completions' && !isClaude(context.target) ? dottedName : strictName
      const isLegal = (name: string): boolean => pattern.test(name) && (endpoint !== '/responses' || name !== reserved)
      let isWell = true
      const seen = names(body, name => {
        isWell &&= isLegal(name)
        return name
      })
      return thenInSteps(seen, () => isWell ? body : rename(body, createRenamer(isLegal, context)))
    }),
  }]
}

const claudeId = /^[a-zA-Z0-9_-]{1,64}$/

export function idRules (endpoint: Endpoint, prefix: string): readonly Rule[] {
  const { ids } = toolWires[endpoint]
  const isLegalFor = (target: RuleContext['target']) => {
    if (isClaude(target)) return (id: string) => claudeId.test(id)
    const longest = endpoint === '/chat/completions' && isOpenAi(target) ? 40 : 64
    return (id: string) => id.length > 0 && id.length <= longest && id.isWellFormed()
  }
  return [{
    id: `${prefix}-call-ids`,
    what: 'Call ids are unique, and within the characters and length that the model takes; a result follows its call.',
    models: 'all',
    applies: () => true,
    fix: 'rewrite',
    loses: 'no',
    when: 'always',
    source: { mark: 'live', reference: 'BerriAI/litellm#17343; microsoft/vscode: messagesApi.ts; openai/codex#14355' },
    ...inSteps((body, { target }) => {
      const isLegal = isLegalFor(target)
      const taken = new Set<string>()
      let isWell = true
      const seen = ids(body, id => {
        isWell &&= isLegal(id) && !taken.has(id)
        taken.add(id)
        return id
      }, id => {
        isWell &&= isLegal(id)
        return id
      })
      return thenInSteps(seen, () => isWell ? body : ids(body, ...renamedIds(isLegal, taken)))
    }),
  }]
}

/**
 * The second call with the same id gets a new id, and so does the second result. A result beyond the last call stays
 * with the last.
 */
function renamedIds (
  isLegal: (id: string) => boolean,
  original: ReadonlySet<string>,
): [(id: string) => string, (id: string) => string] {
  const taken = new Set<string>([...original].filter(isLegal))
  const byId = new Map<string, { readonly calls: string[], results: number }>()
  const salts = new Map<string, { readonly hash: string, salt: number }>()
  const fresh = (id: string): string => {
    const clean = id.replaceAll(/[^a-zA-Z0-9_-]/g, '_')
    let next = clean.length > 0 && isLegal(clean)
      ? clean
      : `call_${hashText(id)}${hashText(`${id}.`)}${hashText(`${id}..`)}`
    if (taken.has(next)) {
      // Hashes an id once, and continues from its last salt at the next repetition.
      const known = salts.get(id) ?? { hash: `${hashText(id)}${hashText(`${id}.`)}`, salt: 1 }
      salts.set(id, known)
      while (taken.has(next)) {
        next = `call_${hashText(`${known.hash}\n${known.salt}`)}${hashText(`${known.salt++}\n${known.hash}`)}`
      }
    }
    taken.add(next)
    return next
  }
  const entry = (id: string) => {
    const known = byId.get(id) ?? { calls: [], results: 0 }
    byId.set(id, known)
    return known
  }
  return [id => {
    const { calls } = entry(id)
    calls.push(calls.length === 0 && isLegal(id) ? id : fresh(id))
    return calls.at(-1) ?? id
  }, id => {
    const known = entry(id)
    if (known.calls.length === 0) known.calls.push(isLegal(id) ? id : fresh(id))
    return known.calls[Math.min(known.results++, known.calls.length - 1)] ?? id
  }]
}
