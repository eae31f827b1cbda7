// A self-signed certificate, made from bytes so that tests need no openssl. RFC 5280, section 4.1.
import { generateKeyPairSync, sign } from 'node:crypto'

/** @param notAfter the end of its validity, which began a year earlier */
export function makeCertificate (name: string, notAfter: Date): { key: string, cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex')) // ecdsa-with-SHA256
  const names = der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(name)))))
  const notBefore = new Date(notAfter.getTime() - 365 * 86_400_000)
  const body = der(0x30, der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.from([1])), algorithm, names,
    der(0x30, time(notBefore), time(notAfter)), names, publicKey.export({ type: 'spki', format: 'der' }))
  const whole = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), sign('sha256', body, privateKey)))
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${
      (whole.toString('base64').match(/.{1,64}/g) ?? []).join('\n')
    }\n-----END CERTIFICATE-----\n` }
}

function der (tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 128
    ? [tag, length]
    : length < 256
    ? [tag, 0x81, length]
    : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}

function time (date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))
}
