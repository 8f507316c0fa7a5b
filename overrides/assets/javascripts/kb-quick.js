/*
 * The header's search: the first hits below the box while words are typed, from the search page's worker. The worker
 * and what it fills, assets/tim-nhanh.txt, are fetched when the box is first entered; all words stand there. Enter leads
 * to the search page.
 */

const SHOWN = 5
const site = new URL("../../", import.meta.url)
const index = new URL("search/manifest.bin", site)
const root = document.querySelector("[data-quick]")
const part = (name, from = root) => from.querySelector(`[data-quick-${name}]`)
const input = part("input")

let opening = null
let [box, said, list, item] = []
let worker = null
let failed = false
let parts = null
let seq = 0
let tokens = null

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")
}

function say(name, total = 0) {
  const sentence = fill(said.dataset[name], { total: total.toLocaleString("vi") })
  if (said.textContent !== sentence) said.textContent = sentence
}

function work() {
  parts = Promise.all(["marks", "light", "tokens"].map((name) => import(`./search/${name}.js`)))
  parts.catch(fail)
  worker = new Worker(new URL("./search/worker.js", import.meta.url), { type: "module" })
  worker.addEventListener("message", take)
  worker.addEventListener("error", (event) => {
    event.preventDefault()
    fail()
  })
}

function fail() {
  failed = true
  if (box) say("error")
}

async function open() {
  if (!worker) work()
  const answer = await fetch(new URL("assets/tim-nhanh.txt", site))
  if (!answer.ok) throw new Error(answer.statusText)
  const { body } = new DOMParser().parseFromString(await answer.text(), "text/html")
  root.append(...body.children)
  box = part("box")
  said = part("said")
  list = part("list")
  item = part("item")
}

/* What cannot be fetched is tried again with the next letter; meanwhile the form leads to the search page. */
function start() {
  opening ??= open().catch(() => {
    opening = null
  })
  opening.then(ask)
}

function ask() {
  if (!box) return
  seq++
  const query = input.value
  box.hidden = !query.trim() || !root.contains(document.activeElement)
  if (box.hidden) return
  if (!list.children.length) say(failed ? "error" : "loading")
  worker.postMessage({ seq, base: index.href, question: { query, typing: true } })
}

function dateWords(iso) {
  const [year, month, day] = iso.slice(0, 10).split("-")
  const pattern = day ? item.dataset.day : month ? item.dataset.month : item.dataset.year
  return fill(pattern, { year, month: day ? month : String(Number(month)), day })
}

function line(hit, marks, { read, write }) {
  const node = item.content.cloneNode(true)
  const url = new URL(hit.url, site)
  url.searchParams.set("tim", input.value.trim().slice(0, 300))
  part("hit", node).href = url
  write(part("title", node), read([hit.title], marks, tokens)[0])
  part("when", node).textContent = hit.date ? dateWords(hit.date) : ""
  return node
}

async function take({ data }) {
  const found = await parts.catch(() => null)
  if (!found || data.seq !== seq) return
  if (data.fault) {
    list.replaceChildren()
    say("error")
    return
  }
  if (!data.answer) return
  const [{ read }, { write }, { Tokens }] = found
  tokens ??= new Tokens(data.table)
  const { final, mode, total, marks, cut } = data.answer
  const focused = list.contains(document.activeElement)
  if (!focused) list.replaceChildren(...data.hits.slice(0, SHOWN).map((hit) => line(hit, marks, { read, write })))
  if (!final) return
  if (!total) say("none")
  else if (cut) say("cut", total)
  else if (mode === "any") say("some", total)
  else say(total === 1 ? "one" : "many", total)
}

const closed = () => !box || box.hidden

function close() {
  if (box) box.hidden = true
}

input.addEventListener("focus", start)
input.addEventListener("input", start)
root.addEventListener("focusout", ({ relatedTarget }) => {
  if (!root.contains(relatedTarget)) close()
})
root.addEventListener("keydown", (event) => {
  const stops = [input, ...root.querySelectorAll("[data-quick-hit]")]
  const at = stops.indexOf(document.activeElement)
  if (event.key === "Escape") {
    event.preventDefault()
    if (closed()) input.blur()
    else {
      input.focus()
      close()
    }
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && at >= 0 && !closed()) {
    event.preventDefault()
    stops[(at + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length].focus()
  }
})
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]")
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  event.preventDefault()
  input.focus()
  input.select()
})
// Typed before this script was there.
if (document.activeElement === input) start()
