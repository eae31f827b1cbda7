// Reasoning state in `thoughtSignature`, for any vendor's model. The field is protobuf bytes. Some clients decode it
// and encode it again as base64url, so it must be base64. `docs/spec/translation.md#carriers`.
import { decodeBase64, fromUtf8, toBase64, utf8 } from '../../bytes.ts'
import { packCarrier, unpackCarrier } from '../shared/carrier.ts'
import type { Carrier } from '../contract/prompt.ts'

/** No carrier contains it. */
const separator = '~'

export function packSignature (carriers: readonly Carrier[]): string {
  return toBase64(utf8(carriers.map(packCarrier).join(separator)))
}

/** Empty for a signature that is not ours, such as the dummies that Google lets clients send. */
export function unpackSignature (signature: string): readonly Carrier[] {
  const bytes = decodeBase64(signature)
  if (bytes === null) return []
  try {
    return fromUtf8(bytes).split(separator).map(unpackCarrier).filter(carrier => carrier !== null)
  } catch {
    return []
  }
}
