// Runs the browser's search engine under node: reads {table, texts, folder, queries, spoilt} as JSON from standard
// input and prints what the engine makes of them. `folder` holds the index's files, by `spoilt` some are answered
// otherwise: {name: "missing" | "half" | "offline" | "html"}, the first time only when `once` is set.
import { readFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const scripts = join(import.meta.dirname, "..", "..", "overrides", "assets", "javascripts", "search")
const load = (name) => import(pathToFileURL(join(scripts, name)).href)
const { Tokens } = await load("tokens.js")
const { Index, IndexFault } = await load("index.js")
const { Engine } = await load("engine.js")

const { table, texts = [], folder, queries = [], spoilt = {}, once = false } = JSON.parse(readFileSync(0, "utf-8"))
const answer = {}

if (table) {
  const tokens = new Tokens(table)
  answer.texts = texts.map((text) => tokens.words(text))
}

async function ask(question) {
  const got = []
  const left = { ...spoilt }
  const index = new Index(async (name) => {
    const kind = name.startsWith("manifest") ? "manifest.bin" : name[0]
    got.push(name)
    const how = left[kind]
    if (once) delete left[kind]
    if (how === "missing" || how === "offline") throw new IndexFault(how, name)
    if (how === "html") return new TextEncoder().encode("<!doctype html>")
    const bytes = new Uint8Array(await readFile(join(folder, name)))
    return how === "half" ? bytes.slice(0, bytes.length >> 1) : bytes
  })
  const engine = new Engine(index)
  const published = []
  try {
    const found = await engine.search(question, (one) => { published.push(one) })
    const cards = await engine.cards([...found.documents])
    const { documents, ...rest } = { ...found, facets: published.at(-1).facets }
    return { ...rest, urls: cards.map(({ url }) => url), first: [...published[0].documents], final: [...documents], got }
  } catch (error) {
    if (!(error instanceof IndexFault)) throw error
    return { fault: error.kind, got }
  }
}

if (folder) {
  answer.queries = []
  for (const query of queries) answer.queries.push(await ask(typeof query === "string" ? { query } : query))
}
process.stdout.write(JSON.stringify(answer))
