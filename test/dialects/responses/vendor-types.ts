// Finds where a value breaks OpenAI's published types: the declarations in the `openai` package, read by the TypeScript
// compiler. Fields without a question mark are required, and null is allowed only where the type names it.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import ts from 'typescript'

/** Finds faults in a response object, each as a path and a description. */
export type Check = (value: unknown) => readonly string[]

/** The SDK computes it from the answer; the API has no such field. */
const madeBySdk = new Set(['Response.output_text'])

/** @param name of an interface or type that `resources/responses/responses` exports */
export function vendorCheck (name: string): Check {
  const root = dirname(createRequire(import.meta.url).resolve('openai'))
  const file = join(root, 'resources/responses/responses.d.ts')
  const program = ts.createProgram([file], { strict: true, skipLibCheck: true, noLib: false, types: [],
    lib: ['lib.es2022.d.ts'] })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  const symbol = module === undefined ? undefined : checker.getExportsOfModule(module).find(each => each.name === name)
  if (symbol === undefined) throw new Error(`the openai package has no type ${name}`)
  const declared = checker.getDeclaredTypeOfSymbol(symbol)
  return value => faultsOf(value, declared, name)

  function faultsOf (value: unknown, type: ts.Type, path: string): string[] {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return []
    if (type.isUnion()) return ofUnion(value, type.types, path)
    if (type.isLiteral()) return value === type.value ? [] : [`${path}: not ${checker.typeToString(type)}`]
    if (type.flags & ts.TypeFlags.BooleanLiteral) {
      const word = checker.typeToString(type)
      return typeof value === 'boolean' && String(value) === word ? [] : [`${path}: not ${word}`]
    }
    if (type.flags & ts.TypeFlags.Null) return value === null ? [] : [`${path}: not null`]
    if (type.flags & ts.TypeFlags.Undefined) return value === undefined ? [] : [`${path}: not in the type`]
    if (type.flags & ts.TypeFlags.String) return typeof value === 'string' ? [] : [`${path}: no string`]
    if (type.flags & ts.TypeFlags.Number) return typeof value === 'number' ? [] : [`${path}: no number`]
    // `string & {}`: a text that editors complete.
    if (type.isIntersection()) {
      return type.types.some(each => each.flags & ts.TypeFlags.String)
        ? (typeof value === 'string' ? [] : [`${path}: no string`])
        : type.types.flatMap(each => faultsOf(value, each, path))
    }
    if (checker.isArrayType(type)) {
      const [element] = checker.getTypeArguments(type as ts.TypeReference)
      if (!Array.isArray(value)) return [`${path}: no array`]
      return value.flatMap((each, at) => element === undefined ? [] : faultsOf(each, element, `${path}[${at}]`))
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: no object`]
    return checker.getPropertiesOfType(type).flatMap(property =>
      ofField(value as Record<string, unknown>, property, path)
    )
  }

  function ofField (value: Record<string, unknown>, property: ts.Symbol, path: string): string[] {
    const here = `${path}.${property.name}`
    if (madeBySdk.has(here)) return []
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0
    if (value[property.name] === undefined) return isOptional ? [] : [`${here}: missing`]
    return faultsOf(value[property.name], checker.getTypeOfSymbol(property), here)
  }

  /** Of union members with a `type`, compares only those with the value's own type. */
  function ofUnion (value: unknown, members: readonly ts.Type[], path: string): string[] {
    const tag = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['type'] : undefined
    const tagged = members.filter(member => tag !== undefined && tagsOf(member).includes(tag))
    const tried = (tagged.length > 0 ? tagged : members).map(member => faultsOf(value, member, path))
    return tried.reduce((best, each) => each.length < best.length ? each : best, tried[0] ?? [])
  }

  function tagsOf (member: ts.Type): readonly unknown[] {
    const property = member.getProperty('type')
    const type = property === undefined ? undefined : checker.getTypeOfSymbol(property)
    const literals = type === undefined ? [] : type.isUnion() ? type.types : [type]
    return literals.map(each => each.isLiteral() ? each.value : undefined)
  }
}
