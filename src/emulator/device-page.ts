// The page on which a person approves or refuses a device code during the demo.
import type { DeviceFlow } from './device-flow.ts'
import { readForm } from './device-flow.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest } from './types.ts'

export function devicePage (flow: DeviceFlow, request: RecordedRequest): Reply {
  if (request.method === 'GET') return page(form(request.query.get('user_code') ?? ''))
  const { user_code: userCode = '', action = 'approve' } = readForm(request)
  try {
    if (action === 'deny') flow.deny(userCode)
    else flow.approve(userCode)
  } catch {
    return page(`<p role="alert">That code is not known.</p>${form(userCode)}`, 404)
  }
  return page(
    action === 'deny' ? '<p>Refused. You may close this page.</p>' : '<p>All set. Your device is connected.</p>',
  )
}

function form (userCode: string): string {
  return `<form method="post"><label>Code <input name="user_code" required value="${
    escapeHtml(userCode)
  }" placeholder="WDJB-MJHT"></label>
<button name="action" value="approve">Authorize</button> <button name="action" value="deny">Cancel</button></form>`
}

function page (content: string, status = 200): Reply {
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Device activation (emulator)</title>
<style>body{font:1rem/1.5 system-ui;max-width:30rem;margin:4rem auto;padding:0 1rem}</style>
<h1>Device activation</h1><p>This is the emulator: no GitHub account is involved.</p>${content}</html>`
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

function escapeHtml (value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
