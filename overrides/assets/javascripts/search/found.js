/* Lights the words of `?tim=` in an article. Without the index nothing is lit. */

import { marksOf } from "./engine.js"
import { fetcher, Index } from "./index.js"
import { light, loosened } from "./light.js"
import { pairsOf, parse, wordsOf } from "./query.js"
import { Shorts } from "./shorts.js"

const query = new URLSearchParams(location.search).get("tim")
const text = document.querySelector(".kb-text")

async function run() {
  const index = new Index(fetcher(new URL("../../../search/manifest.bin", import.meta.url)))
  index.mode = "force-cache"
  const manifest = await index.open()
  const asked = parse(query, index.tokens, false)
  const marks = marksOf(wordsOf(asked), pairsOf(asked), new Shorts(manifest, index.tokens).within(asked))
  const elements = [...document.querySelectorAll("#nhan-de, .kb-text :is(p, li, figcaption, h2, h3, td, th):not(:has(p))")]
  light(elements, loosened(marks, elements.map((element) => element.textContent), index.tokens), index.tokens)
}

if (query && text) run().catch(() => undefined)
