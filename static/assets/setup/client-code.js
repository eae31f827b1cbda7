// The vendors' libraries: a first program for each, ready to run. Pure.
/** @import { Client } from './clients.js' */

/**
 * @param {{ base: string, root: string, password: string, model: string }} access
 * @returns {Client[]}
 */
export function codeOf ({ base, root, password, model }) {
  return [{ id: 'openai-js', name: 'OpenAI · JS', blocks: [{
    title: 'npm install openai',
    text: `import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: '${base}',
  apiKey: '${password}',
})
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello!' }],
})
console.log(answer.choices[0].message.content)`,
  }] }, { id: 'openai-python', name: 'OpenAI · Python', blocks: [{
    title: 'pip install openai',
    text: `from openai import OpenAI

client = OpenAI(
    base_url="${base}",
    api_key="${password}",
)
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.choices[0].message.content)`,
  }] }, { id: 'anthropic-js', name: 'Anthropic · JS', blocks: [{
    title: 'npm install @anthropic-ai/sdk',
    text: `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({
  baseURL: '${root}',
  authToken: '${password}',
})
const answer = await client.messages.create({
  model: '${model}',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello!' }],
})
console.log(answer.content)`,
  }] }, { id: 'anthropic-python', name: 'Anthropic · Python', blocks: [{
    title: 'pip install anthropic',
    text: `from anthropic import Anthropic

client = Anthropic(
    base_url="${root}",
    auth_token="${password}",
)
answer = client.messages.create(
    model="${model}",
    max_tokens=1024,
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.content)`,
  }] }]
}
