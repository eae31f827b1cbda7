// The product's rules, compared with the emulator's own table. The two share no code, so that a mistake in one shows in
// the other; this test checks that neither has a rule that the other lacks.
import t from 'tap'
import { rules } from '../../src/emulator/rules/rules.ts'
import { ruleTables } from '../../src/rules/chosen.ts'

/** By the product's id, or by its end if each endpoint has the row: rules of the emulator that refuse its violation. */
const stated: Readonly<Record<string, readonly string[]>> = {
  'tools-none': ['tools-unsupported'],
  'tools-empty': ['tools-empty'],
  'tool-count': ['tool-count', 'tool-count-messages'],
  'tool-names': ['tool-name-chat', 'tool-name-claude', 'tool-name-responses', 'tool-name-length', 'tool-name-bedrock',
    'tool-name-reserved', 'tool-name-history'],
  'call-ids': ['call-id-length-chat', 'call-id-length-responses', 'call-id-claude', 'call-id-twice-claude'],
  'surrogates': ['lone-surrogate'],
  'tools-history': ['call-pairs-messages'],
  'tool-description': ['tool-description'],
  'schema-draft7': ['schema-draft7'],
  'schema-root': ['schema-root-openai', 'schema-root-claude', 'schema-properties', 'schema-type-claude'],
  'schema-items-list': ['schema-tuple'],
  'schema-items': ['schema-items-openai'],
  'schema-object-properties': ['schema-properties', 'schema-properties-nested'],
  'schema-required': ['schema-required-gemini'],
  'schema-types': ['schema-union-gemini'],
  'schema-enum': ['schema-enum-gemini'],
  'max-tokens': ['max-tokens-over-claude', 'max-tokens-over-openai', 'max-tokens-unstreamed', 'max-tokens-least'],
  'effort': ['effort-unsupported-chat', 'effort-unsupported-messages', 'effort-value-openai', 'effort-value-messages'],
  'effort-refused': ['effort-value-openai', 'effort-value-messages'],
  'sampling-fixed': ['sampling-fixed-chat', 'sampling-fixed-responses'],
  'sampling-none': ['sampling-deprecated'],
  'sampling-one': ['temperature-and-top-p'],
  'stops-blank': ['blank-stop'],
  'image-types': ['image-type'],
  'image-count': ['image-count'],
  'image-bytes': ['image-size', 'image-bytes-chat', 'image-bytes-responses'],
  'image-pixels': ['image-pixels'],
  'last-turn': ['prefill-chat', 'prefill-messages'],
  'last-text': ['prefill-space-chat', 'prefill-space-messages'],
  'named-field': ['refused-field-chat', 'refused-field-messages', 'tool-fields-messages', 'cache-breakpoint'],
  'output-schema': ['format-unlisted'],
  'output-tool': ['format-unlisted'],
  'output-closed': ['format-subset'],
  'output-bounds': ['format-subset'],
  'chat-call-type': ['call-type'],
  'chat-call-count': ['call-count'],
  'chat-result-names': ['tool-name-gemini'],
  'chat-result-media': ['tool-result-media'],
  'chat-choices': ['several-choices'],
  'chat-logprobs': ['logprobs-chat'],
  'chat-max-tokens-name': ['max-tokens-name'],
  'chat-thinking-budget': ['thinking-budget-chat'],
  'responses-fields-account': ['service-tier'],
  'responses-fields-state': ['previous-response'],
  'responses-store': ['store'],
  'responses-logprobs': ['logprobs-responses'],
  'responses-include-refused': ['logprobs-responses', 'include-values'],
  'responses-item-ids': ['item-id-length', 'item-id-shape', 'item-twice'],
  'responses-reasoning-items': ['reasoning-bare', 'reasoning-id-shape'],
  'responses-reasoning-ids': ['reasoning-id-shape'],
  'responses-reasoning-content': ['reasoning-content'],
  'responses-encrypted-items': ['reasoning-origin'],
  'responses-foreign-state': ['reasoning-origin', 'compaction-origin', 'encrypted-output'],
  'responses-parts': ['parts-responses'],
  'responses-output-media': ['tool-output-media'],
  'responses-namespace-description': ['namespace-description'],
  'responses-server-tools': ['tool-type-responses', 'image-generation'],
  'responses-web-search': ['web-search-responses', 'web-search-models'],
  'responses-search-name': ['web-search-preview'],
  'responses-search-effort': ['web-search-effort'],
  'messages-fields': ['field-unknown'],
  'messages-max-tokens-missing': ['max-tokens-missing'],
  'messages-tool-fields': ['tool-fields-messages'],
  'messages-schema-dialect': ['schema-dollar'],
  'messages-content-empty': ['text-blank', 'content-empty', 'system-blank'],
  'messages-system-turns': ['inline-system'],
  'messages-thinking-unsigned': ['thinking-empty', 'thinking-signature'],
  'messages-thinking-empty': ['thinking-empty'],
  'messages-thinking-forced': ['thinking-forced'],
  'messages-thinking-adaptive': ['thinking-enabled'],
  'messages-thinking-kind': ['thinking-adaptive', 'thinking-budget-messages'],
  'messages-thinking-lacking': ['thinking-first'],
  'messages-sampling-thinking': ['temperature-with-thinking'],
  'messages-context-management': ['context-management-models'],
  'messages-beta': ['beta-unknown'],
  'messages-cache-top': ['cache-top'],
  'messages-cache-form': ['cache-control', 'cache-in-result', 'cache-ttl'],
  'messages-cache-count': ['cache-count'],
}

/** Rows that Copilot is not known to refuse. */
const unrefused: Readonly<Record<string, string>> = {
  'tool-duplicates': "known only from a provider's message",
  'tool-choice': "known only from a provider's message",
  'parallel-calls': "known only from OpenAI's reference",
  'schema-description-length': 'the official client cuts it',
  'schema-keywords': 'the official client deletes them',
  'temperature-range': "known only from a provider's limits",
  'verbosity': "known only from OpenAI's reference",
  'tools-history': 'refused on Messages; the same backend on Chat',
  'chat-call-ids-kimi': 'the official client writes them like this, and nothing is refused',
  'chat-fields-account': 'the official client sends none',
  'chat-fields-openai': 'the official client sends none',
  'chat-user-length': "known only from OpenAI's reference",
  'chat-tools-strict': 'only OpenAI has this mode',
  'chat-sampling-kimi': 'the model loops, and nothing is refused',
  'chat-sampling-thinking': "known only from a provider's limits",
  'chat-stops-none': "known only from OpenAI's reference",
  'chat-stops-count': "known only from OpenAI's reference",
  'chat-output-json': 'only OpenAI has this mode',
  'chat-roles-system': 'the official client changes them',
  'chat-roles-developer': 'only OpenAI has this role',
  'chat-system-turns': "known only from a provider's limits",
  'chat-content-empty': "known only from a provider's message",
  'chat-cache-marks': "Copilot's own mark has no known message",
  'responses-fields-null': 'the official client sends none',
  'responses-include': 'a missing field is not refused',
  'responses-reasoning-fields': 'the official client sends no other',
  'responses-tool-fields': 'the official client sends none',
  'responses-reasoning-none': "known only from OpenAI's reference",
  'messages-metadata': "known only from a provider's message",
  'messages-output-config': 'the official client sends no other',
  'messages-thinking-sets': 'learned from the message of a refusal that no emulator can time',
  'messages-context-edits': 'the official client sends no other',
}

/** Rules of the emulator that no change of a body can satisfy. */
const elsewhere: Readonly<Record<string, string>> = {
  'vision-header': 'upstream/headers',
  'prompt-length': "an overflow gets the message of the client's dialect",
  'prompt-length-messages': 'overflow',
  'context-window': 'overflow',
  'cap-too-small': 'an answer that ended for its length',
  'no-messages-chat': 'the body has no message to fix',
  'no-input': 'the body has no message to fix',
  'no-messages': 'the body has no message to fix',
  'role-unknown': "the client's mistake",
  'parts-chat': 'dialects/chat/request/normalise-parts.ts',
  'document-type': 'the dialect refuses it',
  'context-management': 'dialects/messages/native/prepare-betas.ts',
  'tool-type-messages': 'dialects/messages/wire-tool-kinds.ts',
  'redacted-data': 'the dialect never writes it like that',
  'item-reference': 'resolved from the response store',
  'call-pairs-chat': 'relay/normalise.ts',
  'call-pairs-responses': 'relay/normalise.ts',
  'opaque-owed': 'relay/restore-passed.ts',
  'opaque-origin': 'carriers of the dialect',
}

const rows = Object.values(ruleTables).flat()
const shared = (id: string): string => id.replace(/^(?:chat|responses|messages)-/, '')
const statedFor = (id: string): readonly string[] => stated[id] ?? stated[shared(id)] ?? []

t.test('every row of the product has a rule of the emulator, or a reason', async t => {
  const known = new Set(rules.map(({ id }) => id))
  t.strictSame(
    rows.map(({ id }) => id).filter(id =>
      statedFor(id).length === 0 && unrefused[id] === undefined && unrefused[shared(id)] === undefined
    ),
    [],
  )
  t.strictSame(Object.values(stated).flat().filter(id => !known.has(id)), [], 'the emulator has each named rule')
  const ids = new Set(rows.flatMap(({ id }) => [id, shared(id)]))
  t.strictSame([...Object.keys(stated), ...Object.keys(unrefused)].filter(id => !ids.has(id)), [],
    'the product has each named rule')
})

t.test('every rule of the emulator that is known of Copilot has a row of the product, or a reason here', async t => {
  const covered = new Set(rows.flatMap(({ id }) => statedFor(id)))
  t.strictSame(
    rules.filter(({ id, mark }) => mark !== 'guess' && !covered.has(id) && elsewhere[id] === undefined).map(({ id }) =>
      id
    ),
    [],
  )
  t.strictSame(Object.keys(elsewhere).filter(id => covered.has(id) || !rules.some(rule => rule.id === id)), [],
    'only rules without a row are listed here')
})

t.test('a live row is live in the emulator too, if it refuses the same', async t => {
  const marks = new Map(rules.map(({ id, mark }) => [id, mark]))
  const doubted = rows.filter(({ id, source }) =>
    source.mark === 'live' && statedFor(id).length > 0 && statedFor(id).every(other => marks.get(other) === 'guess')
  )
  t.strictSame(doubted.map(({ id }) => id), [])
})
