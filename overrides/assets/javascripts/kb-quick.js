/*
 * The header's search: the first hits below the box while words are typed, from the search page's worker, which is
 * started when the box is first entered. Enter leads to the search page. All words stand in partials/search.html.
 */

const SHOWN = 5
const root = document.querySelector("[data-quick]")
const part = (name, from = root) => from.querySelector(`[data-quick-${name}]`)
const [input, box, said, list, item] = ["input", "box", "said", "list", "item"].map((name) => part(name))
const sites = new URL(`${root.dataset.quickRoot}/`, document.baseURI)
const index = new URL(root.dataset.quickIndex, document.baseURI)

let worker = null
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

function start() {
  if (worker) return
  parts = Promise.all(["marks", "light", "tokens"].map((name) => import(`./search/${name}.js`)))
  parts.catch(() => say("error"))
  worker = new Worker(new URL("./search/worker.js", import.meta.url), { type: "module" })
  worker.addEventListener("message", take)
  worker.addEventListener("error", (event) => {
    event.preventDefault()
    say("error")
  })
}

function ask() {
  seq++
  const query = input.value
  box.hidden = !query.trim()
  if (box.hidden) return
  if (!list.children.length) say("loading")
  worker.postMessage({ seq, base: index.href, question: { query, typing: true } })
}

function dateWords(iso) {
  const [year, month, day] = iso.slice(0, 10).split("-")
  const pattern = day ? item.dataset.day : month ? item.dataset.month : item.dataset.year
  return fill(pattern, { year, month: day ? month : String(Number(month)), day })
}

function line(hit, marks, { read, write }) {
  const node = item.content.cloneNode(true)
  const url = new URL(hit.url, sites)
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

function close() {
  box.hidden = true
}

input.addEventListener("focus", () => {
  start()
  if (input.value.trim()) ask()
})
input.addEventListener("input", ask)
root.addEventListener("focusout", ({ relatedTarget }) => {
  if (!root.contains(relatedTarget)) close()
})
root.addEventListener("keydown", (event) => {
  const stops = [input, ...list.querySelectorAll("a")]
  const at = stops.indexOf(document.activeElement)
  if (event.key === "Escape") {
    event.preventDefault()
    if (box.hidden) input.blur()
    else {
      input.focus()
      close()
    }
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && at >= 0 && !box.hidden) {
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
if (document.activeElement === input) {
  start()
  ask()
}
