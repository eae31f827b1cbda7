// Small exports in the shape that ChatGPT and Open WebUI write. docs/chat.md#sources names the published samples that
// they follow.

type Json = Readonly<Record<string, unknown>>

function message (id: string, role: string, content: Json, more: Json = {}): Json {
  return { id, author: { role, name: role === 'tool' ? 'web.run' : null, metadata: {} }, create_time: 1_756_000_000.5,
    content, status: 'finished_successfully', weight: 1, metadata: {}, recipient: 'all', ...more }
}

function content (...parts: unknown[]): Json {
  return { content_type: parts.every(part => typeof part === 'string') ? 'text' : 'multimodal_text', parts }
}

/** Rows of parent, children and message; the id of the message is the node's. */
function mappingOf (rows: readonly (readonly [string | null, readonly string[], Json])[]): Json {
  return Object.fromEntries(
    rows.map((
      [parent, children, message],
    ) => [message['id'], { id: message['id'], message: 'author' in message ? message : null, parent, children }]),
  )
}

/** A chat with two versions of an answer, an edit, reasoning, a tool, pictures and what a page cannot show. */
export const chatGpt = [{
  title: 'Deploying',
  create_time: 1_756_000_000.1,
  update_time: 1_756_000_400.6,
  conversation_id: '6b0f0d9c-0000-4000-8000-000000000001',
  current_node: 'a2',
  default_model_slug: 'gpt-5-thinking',
  is_starred: true,
  mapping: mappingOf([[null, ['ctx'], { id: 'root' }], ['root', ['u1'],
    message('ctx', 'user', { content_type: 'user_editable_context', user_profile: 'An engineer.' }, {
      metadata: { is_visually_hidden_from_conversation: true },
    })], ['ctx', ['a1', 'th'],
    message('u1', 'user',
      content({ content_type: 'image_asset_pointer', asset_pointer: 'file-service://file-abc', width: 1, height: 1 },
        'How do I roll back?'))], ['u1', ['u2', 'u2b'], message('a1', 'assistant', content('Run `helm rollback`.'))], [
    'u1',
    ['call'],
    message('th', 'assistant', { content_type: 'thoughts',
      thoughts: [{ summary: 'Planning', content: 'Which tool?' }] }),
  ], ['th', ['res'], message('call', 'assistant', { content_type: 'code', language: 'unknown', text: 'search()' }, {
    recipient: 'web.run',
  })], ['call', ['a1b'], message('res', 'tool', { content_type: 'tether_quote', text: 'a page' })], ['res', [],
    message('a1b', 'assistant', content('Use the console.\ue200cite\ue202turn0search1\ue201'), {
      metadata: { model_slug: 'o4-mini' },
    })], ['a1', ['a2'], message('u2', 'user', content('And if that fails?'))], ['a1', [],
    message('u2b', 'user', content('Thanks'))], ['u2', [],
    message('a2', 'assistant', content('Once upon'), { status: 'in_progress' })]]),
}, { title: 'Damaged', create_time: 1_756_000_500, id: '2' }, {
  title: 'Strange',
  id: '3',
  mapping: mappingOf([[null, ['q'], message('p', 'user', { content_type: 'from_the_future' })], ['p', ['p'],
    message('q', 'user', content({ content_type: 'hologram' }, 'words'))]]),
}]

export const openWebUi = [{
  id: 'reasoning-chat',
  title: 'Sums',
  created_at: 1_700_000_000,
  updated_at: 1_700_000_010,
  pinned: true,
  meta: { tags: ['maths'] },
  chat: {
    title: 'Sums',
    models: ['deepseek-r1'],
    params: { system: 'Be exact.' },
    history: { currentId: 'r2', messages: {
      q: { id: 'q', parentId: null, childrenIds: ['r1', 'r2'], role: 'user', content: 'What is 15 * 17?',
        timestamp: 1_700_000_000, files: [{ type: 'image', url: 'data:image/png;base64,AAAA', name: 'sum.png' }, {
          type: 'file',
          name: 'book.pdf',
        }] },
      r1: { id: 'r1', parentId: 'q', childrenIds: [], role: 'assistant', model: 'deepseek-r1', done: true,
        content: '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n'
          + '&gt; 150 + 105\n</details>\n255' },
      r2: { id: 'r2', parentId: 'q', childrenIds: [], role: 'assistant', model: 'gpt-4o',
        content: '<details type="tool_calls" done="true"><summary>Tool Executed</summary></details>\nIt is 255.' },
    } },
  },
}, { id: 'empty', title: 'Nothing', chat: { history: { messages: {} }, messages: [] } }]
