// Writes .br and .gz beside each built file, for a server that sends them as they lie, and says what a first load weighs.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url).pathname
const packable = /\.(html|js|mjs|css|svg|json|webmanifest|txt)$/

let all = 0
for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name)
  if (!statSync(path).isFile() || !packable.test(name)) continue
  const bytes = readFileSync(path)
  const br = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  })
  writeFileSync(`${path}.br`, br)
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
  all += br.length
  console.log(`${(br.length / 1024).toFixed(1).padStart(8)} KB br  ${name}`)
}
console.log(`${(all / 1024).toFixed(1).padStart(8)} KB br in all, parts loaded on demand included`)
