/*
 * The record of an article: choosing a value lights the very words it was read from. Links, their places (characters
 * of the element that the link leads to, counted by code point) and all words for the reader stand in kb-record.html
 * and kb-source.html; without this script the links lead to the paragraph or the raw line.
 */

import "./kb-cite.js"
import "./kb-found.js"

const GRADES = ["stated", "worked-out", "guessed"]
const SPOKEN = 160

const article = document.querySelector(".kb-art")
const said = article.querySelector("[data-kb-said]")
const all = article.querySelector("[data-kb-all]")
const button = all.querySelector("button")
const isWords = "a[data-kb]"

let chosen = null
let marks = []

// ---- Where the words stand ----

/* What a link says of its words: the line, the grade, the first character and the one behind the last. */
const told = (link) => link.dataset.kb.split(" ")
const target = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))

/* The text nodes that hold a value's words, each with the part that is theirs: [[node, start, end]]. */
function parts(link) {
  const element = target(link)
  if (!element) return []
  const [from, to] = told(link).slice(2).map(Number)
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const found = []
  for (let node = walk.nextNode(), seen = 0; node && seen < to; node = walk.nextNode()) {
    const letters = [...node.data]
    const length = (count) => letters.slice(0, count).join("").length
    const [start, end] = [Math.max(from - seen, 0), Math.min(to - seen, letters.length)]
    if (start < end) found.push([node, length(start), length(end)])
    seen += letters.length
  }
  return found
}

function range([node, start, end]) {
  const made = document.createRange()
  made.setStart(node, start)
  made.setEnd(node, end)
  return made
}

// ---- One value ----

function say(name, values = {}) {
  said.textContent = said.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key])
}

/* Take the light away. While `tracing` is set, the style sheet leaves the target of the address unlit. */
function clear(tracing = false) {
  for (const mark of marks) {
    const parent = mark.parentNode
    mark.replaceWith(...mark.childNodes)
    parent.normalize()
  }
  chosen?.removeAttribute("aria-current")
  marks = []
  chosen = null
  article.toggleAttribute("data-kb-tracing", tracing)
}

function choose(link) {
  const element = target(link)
  if (!element) return false
  clear()
  chosen = link
  link.setAttribute("aria-current", "true")
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true
  marks = parts(link).map((part) => {
    const mark = document.createElement("mark")
    mark.className = "kb-lit"
    range(part).surroundContents(mark)
    return mark
  })
  article.toggleAttribute("data-kb-tracing", marks.length > 0)
  location.hash = link.hash
  const first = marks[0] ?? element
  first.tabIndex = -1
  first.focus({ preventScroll: true })
  first.scrollIntoView({ block: "center" })
  const words = marks.map((mark) => mark.textContent).join("")
  say("lit", { line: told(link)[0], words: words.length > SPOKEN ? `${words.slice(0, SPOKEN)}…` : words })
  showAll()
  return true
}

article.addEventListener("click", (event) => {
  const link = event.target.closest(isWords)
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
  if (link && plain && choose(link)) event.preventDefault()
})

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !chosen || event.defaultPrevented) return
  const link = chosen
  const returning = marks.includes(document.activeElement) || document.activeElement === target(link)
  clear(true)
  showAll()
  say("cleared")
  if (returning) link.focus()
})

// The way back, and links without a place of their own: the address's target is lit as without the script.
addEventListener("hashchange", () => {
  if (location.hash === chosen?.hash) return
  clear()
  showAll()
})

// ---- All values at once, where the browser can light text without changing the page ----

function showAll() {
  if (all.hidden) return
  const shown = button.getAttribute("aria-pressed") === "true"
  for (const grade of GRADES) {
    const links = shown ? [...article.querySelectorAll(isWords)].filter((link) => told(link)[1] === grade) : []
    CSS.highlights.set(`kb-${grade}`, new Highlight(...links.flatMap(parts).map(range)))
  }
}

button.addEventListener("click", () => {
  const shown = button.getAttribute("aria-pressed") !== "true"
  button.setAttribute("aria-pressed", String(shown))
  showAll()
  say(shown ? "all" : "cleared")
})
all.hidden = !globalThis.CSS?.highlights

// ---- Paper, and links to paragraphs ----

article.querySelector("[data-kb-print]").addEventListener("click", () => print())

/* Behind each paragraph a link to it that copies its address; it is made when the paragraph is first pointed at. */
const text = article.querySelector(".kb-text")

function offer(paragraph) {
  if (!paragraph?.id || paragraph.querySelector(".kb-pil") || !navigator.clipboard) return
  const link = document.createElement("a")
  link.className = "kb-pil"
  link.href = `#${paragraph.id}`
  link.title = link.ariaLabel = text.dataset.kbLink
  link.textContent = "¶"
  paragraph.append(" ", link)
}

text.addEventListener("pointerover", (event) => offer(event.target.closest(".kb-text > p")))
text.addEventListener("click", async (event) => {
  const link = event.target.closest(".kb-pil")
  if (!link) return
  await navigator.clipboard.writeText(link.href)
  said.textContent = link.title = text.dataset.kbLinked
})
// With a keyboard there is nothing to point with: the first Tab offers the links of all paragraphs.
document.addEventListener("keydown", (event) => event.key === "Tab" && text.querySelectorAll(":scope > p").forEach(offer), { once: true })

// ---- The raw text ----

/* It leads to the article for each line that stands there just so; once it is opened, such a line stands in both. */
article.querySelector("#ban-goc")?.addEventListener(
  "toggle",
  (event) => {
    for (const link of event.currentTarget.querySelectorAll(".kb-raw a")) link.replaceWith(target(link).textContent)
  },
  { once: true },
)
