// Reads what a request says of a key, and shows a key without its secret.
import { isAmount, isModels, maxEntryModels, maxEntryName, type Entry } from '../auth/contents.ts'
import type { Edit } from '../auth/entries.ts'
import { isSeatName } from '../auth/seats.ts'
import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../json.ts'

/**
 * The fields that the body has. Null takes a limit away.
 * @throws {GatewayError} `invalid_request`
 */
export function readKeyFields (body: JsonObject, now: number): Edit {
  const { name, expires_at: expiresAt, models, monthly_credits: monthlyCredits, seat } = body
  return {
    ...name === undefined ? {} : { name: readName(name) },
    ...expiresAt === undefined ? {} : { expiresAt: readEnd(expiresAt, now) },
    ...models === undefined ? {} : { models: readModels(models) },
    ...monthlyCredits === undefined ? {} : { monthlyCredits: readCredits(monthlyCredits) },
    ...seat === undefined ? {} : { seat: readSeat(seat) },
  }
}

/** One line of text. */
export function readName (value: unknown): string {
  const name = typeof value === 'string' ? value.trim() : ''
  if (name === '' || name.length > maxEntryName || /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(name)) {
    throw invalid('name', `must be one line of text, with 1 to ${maxEntryName} characters.`)
  }
  return name
}

function readEnd (value: unknown, now: number): number | null {
  if (value === null) return null
  const isIso = typeof value === 'string'
    && /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(value)
  const at = isIso ? Date.parse(value) : NaN
  if (Number.isNaN(at)) {
    throw invalid('expires_at', 'must be a time in ISO 8601, such as 2027-01-31T00:00:00Z, or null.')
  }
  if (at <= now) throw invalid('expires_at', 'must be in the future.')
  return at
}

function readModels (value: unknown): readonly string[] | null {
  if (value === null) return null
  if (!isModels(value)) {
    throw invalid('models', `must be a list of 1 to ${maxEntryModels} ids of models, or null for all models.`)
  }
  return [...new Set(value)]
}

function readCredits (value: unknown): number | null {
  if (value === null || isAmount(value)) return value
  throw invalid('monthly_credits', 'must be a number from 0, or null for no cap.')
}

function readSeat (value: unknown): string | null {
  if (value === null || (typeof value === 'string' && isSeatName(value))) return value
  throw invalid('seat', 'must be the name of a linked GitHub account, or null for the one that a request names.')
}

/** @param nanoCredits spent this month */
export function showKey (entry: Entry, lastUsedDay: string | null, nanoCredits: number): object {
  return {
    id: entry.id,
    name: entry.name,
    created_at: iso(entry.createdAt),
    expires_at: entry.expiresAt === null ? null : iso(entry.expiresAt),
    last_used_day: lastUsedDay,
    models: entry.models,
    monthly_credits: entry.monthlyCredits,
    credits_used: nanoCredits / 1e9,
    seat: entry.seat,
  }
}

export function iso (at: number): string {
  return new Date(at).toISOString()
}

function invalid (param: string, message: string): GatewayError {
  return new GatewayError('invalid_request', `\`${param}\` ${message}`, { param })
}
