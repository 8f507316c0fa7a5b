/* Lights words in the page: text becomes text nodes and <mark>, never markup. */

import { hitsIn, read, stretches } from "./marks.js"

/* Write `text` into an element with <mark> round the hits. */
export function write(element, { text, hits, cutBefore = false, cutAfter = false }) {
  const nodes = [cutBefore ? "… " : ""]
  let at = 0
  for (const { start, end } of stretches(text, hits)) {
    const mark = document.createElement("mark")
    mark.textContent = text.slice(start, end)
    nodes.push(text.slice(at, start), mark)
    at = end
  }
  element.replaceChildren(...nodes, text.slice(at), cutAfter ? " …" : "")
}

/* Put <mark class="kb-found"> round what an answer lists, in the text that stands in `elements`. */
export function light(elements, marks, tokens) {
  const texts = read(elements.map((element) => element.textContent), marks, tokens)
  elements.forEach((element, i) => {
    const { text, hits } = texts[i]
    for (const stretch of stretches(text, hits).reverse()) surround(element, stretch)
  })
}

function surround(element, { start, end }) {
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const parts = []
  for (let node = walk.nextNode(), seen = 0; node && seen < end; seen += node.length, node = walk.nextNode()) {
    const [from, to] = [Math.max(start - seen, 0), Math.min(end - seen, node.length)]
    if (from < to) parts.push([node, from, to])
  }
  for (const [node, from, to] of parts) {
    const range = document.createRange()
    range.setStart(node, from)
    range.setEnd(node, to)
    const mark = document.createElement("mark")
    mark.className = "kb-found"
    range.surroundContents(mark)
  }
}

/* `marks` with the words that no text has as typed taken in any form: an article has been found by them all the same. */
export function loosened(marks, texts, tokens) {
  const found = new Set(texts.flatMap((text) => hitsIn(text, marks, tokens)).map(({ word }) => word))
  return { ...marks, words: marks.words.map((word, i) => (found.has(i) ? word : { ...word, form: 0 })) }
}
