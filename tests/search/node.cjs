// Runs the browser's search engine under node: reads {texts, queries, file} as JSON from standard input and prints
// what the engine makes of them. Used by the tests in this folder.
const { readFileSync } = require("node:fs")
const { join } = require("node:path")

const scripts = join(__dirname, "..", "..", "overrides", "assets", "javascripts")
globalThis.lunr = require(join(scripts, "vendor", "lunr.min.js"))
require(join(scripts, "lunr", "min", "lunr.vi.min.js"))

const { texts = [], queries = [], file } = JSON.parse(readFileSync(0, "utf-8"))
const answer = {
  texts: texts.map((text) => ({ words: lunr.vi.words(text), terms: lunr.vi.terms(text) })),
}
if (file) {
  const { index, documents } = JSON.parse(file)
  const loaded = lunr.Index.load(index)
  answer.queries = queries.map((query) => {
    const { hits, open, all } = lunr.vi.find(loaded, query)
    return { urls: hits.map(({ ref }) => documents[ref].url), open, all }
  })
}
process.stdout.write(JSON.stringify(answer))
