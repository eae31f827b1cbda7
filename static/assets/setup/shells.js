// How each shell quotes a word, sets a variable and goes on in the next line. One description for all snippets.
// Sources: POSIX, Shell Command Language 2.2; fishshell.com, "Quotes"; learn.microsoft.com, about_Quoting_Rules. Pure.
import { recall, remember } from '../lib/remember.js'

/** @typedef {'sh' | 'fish' | 'powershell'} ShellName */
/**
 * @typedef {{ readonly name: string, readonly quote: (text: string) => string,
 *   readonly assign: (name: string, value: string) => string, readonly goesOn: string }} Shell
 *   `goesOn` ends a line whose command continues in the next one
 */

/** Words of these characters mean themselves in all three shells. */
const plain = /^[A-Za-z0-9_./:+-][A-Za-z0-9_./:+=-]*$/
/** PowerShell cuts such a word in two before it hands it to another program. */
const option = /^-.*[.:]/
const key = 'copilot-proxy.shell'

/** @type {Readonly<Record<ShellName, Shell>>} */
export const shells = {
  sh: {
    name: 'sh, bash, zsh',
    quote: text => plain.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`,
    assign: (name, value) => `export ${name}=${shells.sh.quote(value)}`,
    goesOn: ' \\',
  },
  fish: {
    name: 'fish',
    quote: text => plain.test(text) ? text : `'${text.replace(/[\\']/g, String.raw`\$&`)}'`,
    assign: (name, value) => `set -gx ${name} ${shells.fish.quote(value)}`,
    goesOn: ' \\',
  },
  powershell: {
    name: 'PowerShell',
    // It takes typographic quotes for plain ones, so they are doubled too.
    quote: text => `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`,
    assign: (name, value) => `$env:${name} = ${shells.powershell.quote(value)}`,
    goesOn: ' `',
  },
}

/**
 * @param {ShellName} shell
 * @param {Readonly<Record<string, string>>} variables
 */
export function assignments (shell, variables) {
  return Object.entries(variables).map(([name, value]) => shells[shell].assign(name, value)).join('\n')
}

/**
 * A command in several lines, each of some words.
 * @param {ShellName} shell
 * @param {readonly (readonly string[])[]} lines
 */
export function command (shell, lines) {
  const { quote, goesOn } = shells[shell]
  const word = (/** @type {string} */ text) =>
    plain.test(text) && !(shell === 'powershell' && option.test(text)) ? text : quote(text)
  return lines.map(words => words.map(word).join(' ')).join(`${goesOn}\n  `)
}

/** What the reader chose on this device, or the usual shell of the system. */
export function chosenShell () {
  const stored = recall(key)
  if (stored !== null && Object.hasOwn(shells, stored)) return /** @type {ShellName} */ (stored)
  return /Win/.test(navigator.platform) ? 'powershell' : 'sh'
}

/** @param {ShellName} shell */
export function chooseShell (shell) {
  remember(key, shell)
}
