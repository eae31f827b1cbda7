// A real tokenizer for token counts, on Node only: its tables take 2 MB and a moment, so they are loaded when first asked for.
export async function countTokens (text: string): Promise<number> {
  const { countTokens: count } = await import('gpt-tokenizer/encoding/o200k_base')
  return count(text, { disallowedSpecial: new Set() })
}
