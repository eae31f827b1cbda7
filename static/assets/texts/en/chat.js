// Texts of the chat page.

/** @satisfies {import('../../types.d.ts').Texts} */
export const chat = {
  // The content of messages.
  'chat.close': 'Close',
  'chat.code': 'code',
  'chat.code.label': 'Code',
  'chat.code.label.of': 'Code, {language}',
  'chat.code.what': 'the code',
  'chat.diagram': 'Diagram',
  'chat.diagram.failed': 'This diagram cannot be drawn. {problem}',
  'chat.diagram.large': 'It is too large.',
  'chat.diagram.show': 'Diagram',
  'chat.diagram.slow': 'Drawing it took too long.',
  'chat.diagram.source': 'Source',
  'chat.diagram.unloaded': 'The library that draws diagrams could not be loaded.',
  'chat.footnote': 'Footnote {name}',
  'chat.footnote.back': 'Back to the text of footnote {name}',
  'chat.formula': 'Formula',
  'chat.picture': 'Picture',
  'chat.picture.enlarge': 'Enlarge the picture',
  'chat.picture.enlarge.named': 'Enlarge {name}',
  'chat.table': 'Table',
}
