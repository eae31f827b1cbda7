// The types of `descriptions.js`. They say the same as the comments of static/assets/connect/targets.js.
export interface Home {
  readonly unix: string
  readonly variable?: string
  readonly xdg?: string
  readonly mac?: string
  readonly windows?: string
}
export interface TargetFile {
  readonly path: string
  readonly format: 'json' | 'env' | 'toml' | 'yaml' | 'text'
  readonly text: string
}
export interface Facts {
  readonly id: string
}
export interface ConnectAccess {
  readonly origin: string
  readonly root: string
  readonly base: string
  readonly password: string
  readonly model: Facts
  readonly small: Facts
  readonly models: readonly Facts[]
}
export interface ConnectTarget {
  readonly id: string
  readonly name: string
  readonly command: string
  readonly install: string
  readonly home: Home
  readonly run: string
  readonly proof: 'chat' | 'responses' | 'messages' | 'gemini'
  readonly files: readonly TargetFile[]
  readonly notes?: readonly string[]
}
export const targets: Readonly<Record<string, (access: ConnectAccess) => ConnectTarget>>
export function accessOf (
  origin: string,
  username: string,
  password: string,
  entries: readonly Readonly<Record<string, unknown>>[],
  chosen: string | null,
): ConnectAccess | null
