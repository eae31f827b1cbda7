// What a dialect says about an event that others will resemble: nearly all events of a stream differ from one before in
// a piece of text and a few numbers. `relay/fast-text/` learns the rest of such an event once, and then neither parses
// nor writes the next ones. `docs/decisions/fast-path.md`.

/**
 * A value that may differ in the next event. Paths join keys and positions with dots: `choices.0.delta.content`.
 * `sent` are the value's places in the event that the client gets: none if the client does not get it.
 */
interface Value {
  readonly path: string
  readonly sent: readonly string[]
  /** Most streams repeat the value, so it counts as a part of the shape until it differs. */
  readonly isSteady?: boolean
}

export interface VaryingText extends Value {
  /** A `text` is never empty, a `string` may be. */
  readonly kind:
    | 'text'
    | 'string'
  /** The one string that it must not be. */
  readonly except?: string
  /**
   * Takes the text of each such event.
   * @returns the text to send in its place; if that is '' for a `text`, the client does not get the event
   */
  readonly take?: (text: string) => string
}

export interface VaryingInteger extends Value {
  readonly kind: 'integer'
  /** Changes nothing. */
  readonly accepts?: (value: number) => boolean
  readonly take?: (value: number) => void
}

/** Any JSON, for events that keep the text they came with. */
export interface VaryingJson extends Value {
  readonly kind: 'json'
}

export type VaryingValue =
  | VaryingText
  | VaryingInteger
  | VaryingJson

/** A number that the gateway counts itself, in each event that it sends. */
export interface Counter {
  /** Its place in the event that the client gets. */
  readonly path: string
  /** The number of the event that is sent now. */
  readonly next: () => number
}

/**
 * The values in which other events may differ from this one, while the gateway's state stays as it is. An event that
 * differs in nothing else gets the same answer, with its own values.
 */
export interface PlainEvent {
  readonly values: readonly VaryingValue[]
  readonly counter?:
    | Counter
    | undefined
  /** Called for each such event, after its values were taken. */
  readonly seen?: (() => void) | undefined
}

export type DeltaType =
  | 'text-delta'
  | 'reasoning-delta'
  | 'refusal-delta'
  | 'tool-call-delta'

/** An event of upstream's that becomes one delta of an open block, and nothing else. */
export interface PlainDelta {
  readonly type: DeltaType
  readonly block: number
  /** The path of its text. */
  readonly path: string
  readonly take: (text: string) => void
  /** The other values that may differ. */
  readonly values: readonly VaryingValue[]
  readonly seen?: (() => void) | undefined
}

/** How more text of a block that already has some is written. */
export interface PlainText {
  /** The text's place in the event; null if nothing is sent now. */
  readonly path:
    | string
    | null
  /** Takes a piece, never an empty one. @returns the text to send in its place */
  readonly take: (text: string) => string
  readonly counter?: Counter
}
