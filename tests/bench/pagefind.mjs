// Asks a Pagefind index, as a browser would: node pagefind.mjs FOLDER < queries (JSON) > addresses found (JSON).
import { readFile } from "node:fs/promises"
import { readFileSync, writeSync } from "node:fs"
import { fileURLToPath, pathToFileURL } from "node:url"

const base = pathToFileURL(`${process.argv[2]}/pagefind/`).href
let bytes = 0
const seen = new Set()
globalThis.fetch = async (address) => {
  const url = String(address).split("?")[0]
  const data = await readFile(fileURLToPath(url))
  if (!seen.has(url)) bytes += data.length
  seen.add(url)
  return new Response(data, { headers: { "Content-Type": url.includes("wasm") ? "application/wasm" : "application/octet-stream" } })
}
globalThis.window = globalThis
globalThis.location = new URL(base)
globalThis.document = { querySelector: () => ({ getAttribute: () => "vi" }), currentScript: null, documentElement: { lang: "vi" } }
const pagefind = await import(`${base}pagefind.js`)
await pagefind.options({ basePath: base, baseUrl: "/" })
await pagefind.init()
const answers = []
for (const query of JSON.parse(readFileSync(0, "utf-8"))) {
  const { results } = await pagefind.search(query)
  const found = await Promise.all(results.slice(0, 50).map(async (result) => (await result.data()).url))
  answers.push(found)
}
writeSync(1, JSON.stringify({ answers, bytes }))
process.exit(0)
