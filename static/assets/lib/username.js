// A user name is part of every address, so the page makes it fit while the user types.

import { t } from './text.js'

export const reserved = new Set(['admin', 'api', 'assets', 'chat', 'connect', 'github', 'healthz', 'metrics', 'readyz',
  'session', 'setup', 'static', 'users', 'v1', 'v1beta'])

/**
 * While the user types: only characters that a name may have.
 * @param {string} text
 */
export function toNameCharacters (text) {
  return text.toLowerCase().replace(/[\s_.]+/g, '-').replace(/[^a-z0-9-]+/g, '').slice(0, 64)
}

/**
 * When the user leaves the field: single hyphens, and only between letters or digits.
 * @param {string} text
 */
export function toUsername (text) {
  return toNameCharacters(text.trim()).replace(/-+/g, '-').replace(/^-|-$/g, '')
}

/** Of users and of seats. */
export const nameForm = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/**
 * @param {string} name
 * @returns {string | null} null if the name can be used, else what is wrong with it
 */
export function problemOf (name) {
  if (name === '') return t('name.choose')
  if (!nameForm.test(name) || name.length > 64) {
    return t('name.form')
  }
  return reserved.has(name) ? t('name.reserved', { name }) : null
}
