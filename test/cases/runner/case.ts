// The shape of a case file. `test/cases/FORMAT.md` explains each field.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../../fixtures/http.ts'

export type Client = 'chat' | 'responses' | 'messages'

export interface ListedModel {
  readonly id: string
  readonly endpoints?: readonly string[]
  readonly supports?: Json
  readonly limits?: Json
  readonly vendor?: string
}
export interface SayingTool {
  readonly name?: string
  readonly nameOf?: number
  readonly args: Json
}
export interface Saying {
  readonly text?: string
  readonly tool?: SayingTool
  readonly tools?: readonly SayingTool[]
  readonly reasoning?: string
}

export interface Scripted {
  readonly say?: Saying
  readonly json?: Json
  readonly text?: string
  readonly sse?: readonly Json[]
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly cut?: boolean
}

export interface Assertion {
  readonly path?: string
  readonly rule?: string
  readonly anyOf?: ReadonlyArray<Assertion | readonly Assertion[]>
  readonly message?: string
  readonly as?: 'json'
  readonly join?: boolean
  readonly [operator: string]: Json
}
export interface Expectation {
  readonly status?: number
  readonly to?: string
  readonly calls?: number
  readonly initiator?: string
  readonly upstream?: readonly Assertion[]
  readonly answer?: readonly Assertion[]
  readonly headers?: readonly Assertion[]
  readonly failure?: readonly Assertion[]
  readonly error?: boolean
  readonly maybeError?: boolean
  readonly anyOf?: readonly Expectation[]
}
export type Refusal = string | Assertion

export interface Step {
  readonly client: Client
  readonly request: Json
  readonly headers?: Readonly<Record<string, string>>
  readonly upstream?: readonly Scripted[]
  readonly expect: Expectation
  readonly then?: Partial<Step> & { readonly request: Json, readonly expect: Expectation }
}
export interface Case extends Step {
  readonly name: string
  readonly why: string
  readonly models: readonly ListedModel[]
  readonly cold?: boolean
  readonly refuse?: readonly Refusal[]
}

/** The cases of a folder whose names contain `filter`, by name. */
export function readCases (folder: string, filter = ''): Case[] {
  const names = readdirSync(folder).filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length))
    .toSorted()
  return names.filter(name => name.includes(filter)).map(name => ({
    ...JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Omit<Case, 'name'>,
    name,
  }))
}
