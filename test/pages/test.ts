// As much of tap's test object as these tests use, so that they can be handed any.
export interface Test {
  test: (name: string, run: (t: Test) => Promise<void>) => Promise<unknown>
  equal: (got: unknown, wanted: unknown, message?: string) => boolean
  same: (got: unknown, wanted: unknown, message?: string) => boolean
  match: (got: string, wanted: RegExp, message?: string) => boolean
  notMatch: (got: string, wanted: RegExp, message?: string) => boolean
  ok: (got: unknown, message?: string) => boolean
}
