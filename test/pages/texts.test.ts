// The texts of the pages: one catalogue for each language, all with the same names; and no text outside of them.
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
// @ts-expect-error The pages' modules have types in comments only.
import { languageFor as find, languages as known } from '../../static/assets/lib/language.js'
// @ts-expect-error As above.
import { english as englishTexts } from '../../static/assets/texts/en.js'
import { textsIn } from './texts/code.ts'
import { textsOf } from './texts/html.ts'

type Text = string | Readonly<Record<string, string>>
type Texts = Readonly<Record<string, Text>>

const root = fileURLToPath(new URL('../../static/', import.meta.url))
const read = (file: string) => readFileSync(root + file, 'utf8')
const english = englishTexts as Texts
const languages = known as Readonly<Record<string, { name: string, load: () => Promise<Texts> }>>
const languageFor = find as (wanted: readonly string[]) => string
/** Without the frame that draws diagrams: nobody sees it. */
const pages = globSync('*.html', { cwd: root })
const code = globSync('assets/**/*.js', { cwd: root, exclude: ['assets/texts/**'] }).sort()

/** What these files say is for machines, or both sides share it. */
const notForPeople: Readonly<Record<string, string>> = {
  'assets/setup/client-code.js': 'programs to copy',
  'assets/setup/clients.js': 'commands to copy, and the labels of other programs',
  'assets/chat/diagram-frame.js': 'a frame that nobody sees: styles, and the settings of a library',
  'assets/chat/documents/slides.js': 'the words of a document, for a model',
  'assets/connect/editors.js': 'settings of clients, which the server writes too, in English',
  'assets/connect/terminal.js': 'settings of clients, which the server writes too, in English',
}
/** Names, and what is meant for a model or a program. They are the same in every language. */
const sameEverywhere = new RegExp(
  `^(?:${
    ['Cloudflare KV', 'Valkey', 'Copilot', 'Individual', 'Business', 'Enterprise', 'Free',
      String.raw`copilot-proxy\.[\w.]+`, 'acpc-…', 'Ctrl', 'Enter', 'Esc', 'Shift', 'Image', 'File',
      String.raw`\[… …, …, was shown here and is not sent again\]`, 'Reply with the single word: ready',
      'Your answer above was cut off[^]*', 'Write a title of at most [^]*', 'Answer with the title alone[^]*'].join('|')
  })$`,
)
t.test('each language has the texts of English, and no others', async t => {
  for (const [tag, { load }] of Object.entries(languages)) {
    if (tag === 'en') continue
    const texts = await load()
    t.same(Object.keys(english).filter(name => !Object.hasOwn(texts, name)), [], `${tag}: nothing is missing`)
    t.same(Object.keys(texts).filter(name => !Object.hasOwn(english, name)), [], `${tag}: nothing is left over`)
  }
})

t.test('each text has the same places for values in every language', async t => {
  for (const [tag, { load }] of Object.entries(languages)) {
    for (const [name, text] of Object.entries(tag === 'en' ? english : await load())) {
      for (const [form, one] of Object.entries(formsOf(text))) {
        // A form for exactly one may say it in words.
        const optional = (place: string) => form !== 'other' && place === 'count'
        const places = (text: string) => placesIn(text).filter(place => !optional(place))
        t.same(places(one), places(formsOf(english[name] ?? '')['other'] ?? ''), `${tag}: ${name}, ${form}`)
      }
    }
  }
})

t.test('a text that counts has the plural forms of its language', async t => {
  for (const [tag, { load }] of Object.entries(languages)) {
    const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories
    // For a million and more; `other` takes its place.
    const needed = forms.filter(form => form !== 'many')
    for (const [name, text] of Object.entries(tag === 'en' ? english : await load())) {
      t.equal(typeof text, typeof english[name], `${tag}: ${name}`)
      if (typeof text === 'string') continue
      const own = Object.keys(text)
      t.ok(needed.every(form => own.includes(form)) && own.every(form => (forms as string[]).includes(form)),
        `${tag}: ${name} has ${own.join(', ')}`)
    }
  }
})

t.test('no two parts of a catalogue have the same name', t => {
  for (const folder of Object.keys(languages)) {
    const names = globSync(`assets/texts/${folder}/*.js`, { cwd: root }).flatMap(file =>
      [...read(file).matchAll(/^ {2}'?([\w.-]+)'?:/gm)].map(([, name]) => name)
    )
    t.ok(names.length > 0, folder)
    t.same(names.filter((name, at) => names.indexOf(name) !== at), [], folder)
  }
  t.end()
})

t.test('each text is used', t => {
  const all = [...code, ...pages].map(read).join('\n')
  // Some names end with a word that the server says: `setup.state.${state}`.
  const begun = [...all.matchAll(/`([\w-]+\.[\w.-]*)\$\{/g)].map(([, beginning = '']) => beginning)
  t.same(
    Object.keys(english).filter(name =>
      !all.includes(`'${name}'`) && !all.includes(`"${name}"`) && !begun.some(beginning => name.startsWith(beginning))
    ),
    [],
  )
  t.end()
})

t.test('the HTML has the English of the catalogue, and no other text', t => {
  for (const page of pages) {
    const texts = textsOf(read(page)).filter(({ text, name }) => name !== null || !sameEverywhere.test(text))
    for (const { text, name } of texts) t.equal(english[name ?? ''], text, `${page}: ${name ?? 'no name'}`)
  }
  t.end()
})

t.test('the code has no texts of its own', t => {
  for (const file of code.filter(file => !Object.hasOwn(notForPeople, file))) {
    const found = textsIn(file, read(file)).filter(line => !sameEverywhere.test(line.replace(/^\d+: /, '')))
    t.same(found, [], file)
  }
  t.end()
})

t.test('the browser decides on the language, by language and script', t => {
  for (const [wanted, found] of [[['fr', 'es-MX'], 'es'], [['zh-Hans'], 'zh-CN'], [['zh-SG'], 'zh-CN'], [['vi-VN'],
    'vi'], [['zh-TW', 'vi'], 'vi'], [['zh-TW'], 'en'], [['en-GB', 'es'], 'en'], [['*', 'fr'], 'en'], [[],
    'en']] as const) {
    t.equal(languageFor(wanted), found, wanted.join())
  }
  t.end()
})

function formsOf (text: Text): Readonly<Record<string, string>> {
  return typeof text === 'string' ? { other: text } : text
}

function placesIn (text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, place = '']) => place))].sort()
}
