// What happens to every field of a request in Google's API. Copilot has no such endpoint: each request is translated.
import { cell, type Cell, type Field } from './field.ts'

const row = (name: string, chat: Cell, responses: Cell, messages: Cell): Field => ({ name,
  to: { 'openai-chat': cell(chat), 'openai-responses': cell(responses), 'anthropic-messages': cell(messages) } })
const all = (name: string, value: Cell): Field => row(name, value, value, value)
const config = (name: string): string => `generationConfig.${name}`

export const geminiFields: readonly Field[] = [all('model', ['mapped', 'from the address; aliases']),
  all('stream', ['mapped', 'from the address']),
  all('contents', ['mapped', 'sound, video and files of Google are refused']),
  row('systemInstruction', ['mapped', 'one system message'], ['mapped', 'instructions'], ['mapped', 'system']),
  all('tools', ['mapped', "functions; Google's own tools are left out, or refused if there is nothing else"]),
  row('toolConfig', 'mapped', 'mapped', ['mapped', 'only the allowed functions are sent']),
  all(config('temperature'), ['mapped', 'dropped where the model takes none']),
  all(config('topP'), ['mapped', 'dropped where the model takes none']),
  row(config('topK'), 'dropped', 'dropped', ['mapped', 'dropped with thinking']),
  row(config('maxOutputTokens'), 'mapped', ['mapped', 'at least 16'], ['mapped', 'clamped to the model']),
  row(config('stopSequences'), ['mapped', 'more than four: emulated'], ['emulated', 'the text is cut here'], 'mapped'),
  row(config('responseMimeType'), 'mapped', 'mapped', ['mapped', 'JSON as an instruction; text/x.enum is refused']),
  all(config('responseSchema'), ['mapped', 'as JSON Schema']), all(config('responseJsonSchema'), 'mapped'),
  all(config('thinkingConfig'), ['mapped', 'as thinking, an effort or a budget']),
  all(config('candidateCount'), ['refused', 'unless 1']),
  row(config('responseLogprobs'), 'mapped', 'mapped', 'refused'),
  row(config('logprobs'), 'mapped', 'mapped', 'refused'),
  row(config('mediaResolution'), ['mapped', 'as the detail of images'], ['mapped', 'as the detail of images'],
    'dropped'), all(config('responseModalities'), ['refused', 'unless TEXT']), all(config('speechConfig'), 'refused'),
  all(config('imageConfig'), 'refused'), all(config('seed'), 'dropped'), all(config('presencePenalty'), 'dropped'),
  all(config('frequencyPenalty'), 'dropped'), all('safetySettings', ['dropped', 'without a notice']),
  all('labels', ['dropped', 'without a notice']), all('store', ['dropped', 'without a notice']),
  all('cachedContent', 'refused')]
