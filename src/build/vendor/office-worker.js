// Reads office documents in a thread of its own, so that a large one does not stall the page. Each library is a part
// that loads with the first file of its kind. The page asks with `{ kind, bytes, maxUnpackedBytes }`, and receives
// `{ found }` or `{ problem }`.
const readers = { word: readWord, sheet: readSheet, slides: readSlides }

globalThis.addEventListener('message', ({ data: { kind, bytes, maxUnpackedBytes } }) => {
  const read = readers[kind]
  Promise.resolve(unzip(bytes, maxUnpackedBytes, kind === 'slides' ? slideParts : null)).then(files =>
    read(bytes, files)
  ).then(found => globalThis.postMessage({ found }),
    thrown => globalThis.postMessage({ problem: String(thrown?.message) }))
})

const slideParts =
  /^ppt\/(?:presentation\.xml|_rels\/presentation\.xml\.rels|slides\/(?:_rels\/)?[^/]+|notesSlides\/[^/]+\.xml)$/

/** Looks at what an archive would unpack to, and unpacks only the wanted files. */
async function unzip (bytes, maxUnpackedBytes, wanted) {
  const { unzipSync } = await import('fflate')
  let size = 0
  return unzipSync(bytes, {
    filter ({ name, originalSize }) {
      size += originalSize
      if (size > maxUnpackedBytes) throw new Error('bomb')
      return wanted?.test(name) === true
    },
  })
}

async function readWord (bytes) {
  const { default: { convertToHtml, images } } = await import('mammoth')
  let leftOut = 0
  const convertImage = images.imgElement(async () => {
    leftOut++
    return { src: '' }
  })
  const { value } = await convertToHtml({ arrayBuffer: bytes.buffer }, { convertImage })
  return { html: value, leftOut }
}

async function readSheet (bytes) {
  const { default: readWorkbook } = await import('read-excel-file/universal')
  return { sheets: await readWorkbook(bytes.buffer) }
}

function readSlides (_bytes, files) {
  return { files }
}
