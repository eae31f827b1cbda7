// Loaded with the first presentation. The browser's own parser takes only text that a policy has passed.
export { DOMParser as XmlParser } from '@xmldom/xmldom'
