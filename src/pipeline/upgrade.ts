// Whether a request can become a WebSocket. Browsers send `Origin` with every upgrade and leave the decision to the
// server: no CORS header protects a WebSocket. A platform that shakes hands by itself may hide key and version; on
// Node, `ws` refuses requests without them. RFC 6455 sections 4.2.1 and 10.2.
import { isOwnAddress } from '../auth/same-origin.ts'
import type { Config } from '../config.ts'
import type { Call } from '../contract.ts'
import { allowedOrigin } from '../cors.ts'
import { GatewayError } from '../errors.ts'
import { notWebSocket } from '../socket.ts'
import type { StepRefusal } from './arrival.ts'

export type UpgradeRequest = Pick<Call, 'headers' | 'host'>

const version = '13'
/** Sixteen bytes in Base64. */
const keyForm = /^[+/0-9A-Za-z]{22}==$/

export function createUpgradeCheck (
  { corsOrigins, publicOrigin }: Pick<Config, 'corsOrigins' | 'publicOrigin'>,
): (request: UpgradeRequest) => StepRefusal {
  return ({ headers, host }) => {
    const { upgrade, origin } = headers
    if (upgrade?.toLowerCase() !== 'websocket') {
      return headers['sec-websocket-key'] === undefined ? notWebSocket() : upgradeRemoved()
    }
    const { 'sec-websocket-version': wanted = version, 'sec-websocket-key': key } = headers
    if (wanted !== version) return wrongVersion()
    if (key !== undefined && !keyForm.test(key)) return wrongKey()
    const isAllowed = origin === undefined || allowedOrigin(origin, corsOrigins) !== null
      || isOwnAddress(origin, host, publicOrigin)
    return isAllowed ? undefined : notAllowed()
  }
}

/** Codex uses HTTP at once after a 426; after another status it tries six more times. */
function upgradeRemoved (): GatewayError {
  return new GatewayError('websocket_unsupported',
    'A proxy in front of this server removed the Upgrade header. Use HTTP, or let the proxy pass WebSockets.', {
    headers: { upgrade: 'websocket' },
  })
}

function wrongVersion (): GatewayError {
  return new GatewayError('websocket_unsupported', `The version of the WebSocket must be ${version}.`, {
    headers: { 'upgrade': 'websocket', 'sec-websocket-version': version },
  })
}

function wrongKey (): GatewayError {
  return new GatewayError('invalid_request', 'The header Sec-WebSocket-Key must be 16 bytes in Base64.', {
    param: 'sec-websocket-key',
  })
}

function notAllowed (): GatewayError {
  return new GatewayError('origin_not_allowed',
    'Pages of this origin may not open a WebSocket here. The operator allows origins with CORS_ORIGIN.')
}
