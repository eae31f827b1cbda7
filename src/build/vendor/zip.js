// Loaded with the first presentation: an archive of XML files.
export { unzipSync } from 'fflate'
export { DOMParser as XmlParser } from '@xmldom/xmldom'
