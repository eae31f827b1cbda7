// Temperature and the like, as far as a model and its thinking allow. `translation.md` 2.7; `copilot-upstream.md` 9.3.
import { versionOf } from './wire.ts'

export interface Sampling { readonly temperature: number | null, readonly topP: number | null, readonly topK: number | null }

/** @returns `lost`: the fields that had to go although they asked for something */
export function fitSampling ({ temperature, topP, topK }: Sampling, { id, thinks }: { id: string, thinks: boolean }): { readonly sampling: Sampling, readonly lost: readonly string[] } {
  const lost: string[] = []
  const lose = (name: string): null => {
    lost.push(name)
    return null
  }
  const isFixed = versionOf(id) > 4.6   // models after Opus 4.6 refuse all three
  const warmth = temperature === null ? null : Math.min(1, Math.max(0, temperature))
  if (warmth !== temperature) lost.push('temperature')

  let fittedTemperature = warmth !== 1 && warmth !== null && (thinks || isFixed) ? lose('temperature') : warmth
  let fittedTopP = topP !== null && topP < (isFixed ? 0.99 : thinks ? 0.95 : 0) ? lose('top_p') : topP
  const fittedTopK = topK !== null && (thinks || isFixed) ? lose('top_k') : topK
  if (fittedTemperature !== null && fittedTopP !== null) {
    // Only one of the two may be given; the one at its default is not missed.
    if (fittedTemperature === 1) fittedTemperature = null
    else fittedTopP = fittedTopP === 1 ? null : lose('top_p')
  }
  return { sampling: { temperature: fittedTemperature, topP: fittedTopP, topK: fittedTopK }, lost: [...new Set(lost)] }
}
