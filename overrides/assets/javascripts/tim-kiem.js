/*
 * The search page: asks the engine in search/worker.js and fills the <template>s of tim-kiem.html. All words for the
 * reader stand in that template; here is only what is done with them. The address holds everything that was asked.
 */

import { hasPhrase, read, snippet } from "./search/marks.js"
import { write } from "./search/light.js"
import { Tokens } from "./search/tokens.js"

const PAGE = 20
const VALUES = 8
const MORE_VALUES = 40
const ADDRESS_MS = 400
const PASSAGE_MS = 250
/* Passages, each from a page of its own, are fetched when typing has paused so long. */
const QUERY_SHOWN = 80
const QUERY_CARRIED = 300
const KEPT_TEXTS = 200
const CHOICES = ["nam", "coquan", "cum", "loai", "nguon", "donvi", "nguoi"]
const SINGLE = ["tu", "den", "xep"]

const root = document.querySelector("[data-search]")
const part = (name, from = root) => from.querySelector(`[data-search-${name}]`)
const [form, input, status, notes, results, more, item, narrow, value] = [
  "form", "input", "status", "notes", "results", "more", "item", "narrow", "value",
].map((name) => part(name))
const sites = new URL(`${root.dataset.searchRoot}/`, document.baseURI)
const index = new URL(root.dataset.searchIndex, document.baseURI)

let seq = 0
let tokens = null
let shown = { answer: null, hits: [] }
let opened = new Map()
let wantsNames = false
let state = { q: "", chosen: {}, tu: "", den: "", xep: "" }

// ---- What the status line says ----

function fill(sentence, values) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")
}

const { format: number } = new Intl.NumberFormat("vi")

function say(name, { status: which = "ready", total = 0, unnarrowed = 0 } = {}) {
  const query = state.q.trim()
  const cut = query.length > QUERY_SHOWN ? `${query.slice(0, QUERY_SHOWN)}…` : query
  const sentence = fill(status.dataset[name], { total: number(total), unnarrowed: number(unnarrowed), query: cut })
  status.dataset.state = which
  status.dataset.total = String(total)
  if (status.textContent !== sentence) status.textContent = sentence
}

function sayAnswer({ mode, total, unnarrowed, cut, quoted }) {
  const words = { total, unnarrowed }
  if (mode === "wordless") say("noWords", words)
  else if (mode === "none") say(cut ? "cutNone" : "none", words)
  else if (!total) say(unnarrowed ? "narrowedNone" : "none", words)
  else if (mode === "browse") say(isNarrowed() ? "chosen" : "browse", words)
  else if (cut) say(mode === "any" ? "cutPartly" : "cut", words)
  else if (mode === "any" && quoted) say("partlyPhrase", words)
  else say({ all: total === 1 ? "one" : "many", marks: total === 1 ? "marksOne" : "marks", any: total === 1 ? "partlyOne" : "partly" }[mode], words)
}

/* What else there is to say: short forms that were written out, and what may have been meant. */
function note({ shorts, suggestion }) {
  const made = shorts.map((short) => {
    const line = document.createElement("li")
    line.textContent = fill(notes.dataset.short, short)
    return line
  })
  if (suggestion) {
    const line = part("meant").content.cloneNode(true)
    const link = line.querySelector("a")
    link.textContent = suggestion
    link.href = address({ ...state, q: suggestion })
    made.unshift(line)
  }
  notes.replaceChildren(...made)
  notes.hidden = !made.length
}

// ---- Results ----

function dateWords(iso) {
  const [year, month, day] = iso.slice(0, 10).split("-")
  const pattern = day ? item.dataset.day : month ? item.dataset.month : item.dataset.year
  return fill(pattern, { year, month: day ? month : String(Number(month)), day })
}

function setOrRemove(element, text) {
  if (text) element.textContent = text
  else element.remove()
}

function hitUrl(hit) {
  const url = new URL(hit.url, sites)
  if (state.q.trim()) url.searchParams.set("tim", state.q.trim().slice(0, QUERY_CARRIED))
  return url
}

function render(hit, answer) {
  const { marks } = answer
  const node = item.content.cloneNode(true)
  const entry = node.firstElementChild
  const link = part("hit", node)
  link.href = hitUrl(hit)
  write(link, read([hit.title], marks, tokens)[0])
  const time = part("date", node)
  if (hit.date) {
    time.dateTime = hit.date
    time.textContent = dateWords(hit.date)
    part("undated", node).remove()
  } else time.remove()
  if (!hit.derived) part("derived", node).remove()
  const cluster = part("cluster", node)
  for (const label of hit.clusters) {
    const one = cluster.cloneNode()
    one.textContent = label
    cluster.before(one)
  }
  cluster.remove()
  if (hit.clusters.length) part("unassigned", node).remove()
  setOrRemove(part("source", node), hit.source)
  if (hit.source) part("unsourced", node).remove()
  waiting.set(entry, { hit, answer })
  return node
}

// ---- Passages: read from the article's own page when a result comes near ----

const waiting = new WeakMap()
const texts = new Map()

function textOf(url) {
  let text = texts.get(url.pathname)
  if (!text) {
    text = fetchText(url)
    if (texts.size >= KEPT_TEXTS) texts.delete(texts.keys().next().value)
    texts.set(url.pathname, text)
    text.catch(() => texts.delete(url.pathname))
  }
  return text
}

async function fetchText(url) {
  const answer = await fetch(new URL(url.pathname, url))
  if (!answer.ok) throw new Error(String(answer.status))
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  const blocks = page.querySelectorAll(".kb-text :is(p, li, figcaption, h2, h3, td, th):not(:has(p))")
  const texts = (elements) => Array.from(elements, (one) => one.textContent.replace(/\s+/g, " ").trim()).filter(Boolean)
  return { paragraphs: texts(blocks), all: texts(page.querySelectorAll("main :is(h1, h2, h3, p, li, dd, td, th, figcaption)")) }
}

/* Whether an article has the phrases asked for; where a short form may stand for words of them, it is taken to. */
function hasPhrases({ title }, { paragraphs, all }, { phrases = [], shorts }) {
  return shorts.length > 0 || phrases.every((phrase) => hasPhrase([title, ...paragraphs, ...all], phrase, tokens))
}

async function showPassage(entry) {
  const { hit, answer } = waiting.get(entry)
  waiting.delete(entry)
  const place = part("snippet", entry)
  const others = part("others", entry)
  try {
    const text = await textOf(new URL(hit.url, sites))
    const found = snippet(read(text.paragraphs, answer.marks, tokens))
    part("scattered", entry).hidden = hasPhrases(hit, text, answer)
    write(place, found)
    others.hidden = !found.others
    others.textContent = fill(item.dataset.others, { count: number(found.others) })
  } catch {
    place.hidden = true
  }
}

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue
    near.unobserve(target)
    showPassage(target)
  }
}, { rootMargin: "300px" })

function lookForPassages() {
  for (const entry of results.children) if (waiting.has(entry)) near.observe(entry)
}

/* Put results there; what stands there already in the same place and light stays. */
function show(from, hits) {
  const { answer } = shown
  const light = JSON.stringify(answer.marks) + state.q.trim()
  const same = (hit, i) => shown.hits[from + i]?.key === `${hit.document} ${light}`
  let kept = 0
  while (kept < hits.length && same(hits[kept], kept)) kept++
  if (kept < hits.length) {
    trim(from + kept)
    results.append(...hits.slice(kept).map((hit) => render(hit, answer)))
    shown.hits.push(...hits.slice(kept).map((hit) => ({ key: `${hit.document} ${light}` })))
  }
  const there = from + hits.length
  if (from === 0 && shown.hits.length > Math.max(there, Math.min(PAGE, answer.total))) trim(Math.min(PAGE, answer.total))
  more.hidden = !answer.final || shown.hits.length >= answer.total
}

// From the end: a browser looks at everything behind what goes.
function trim(length) {
  if (!length) results.replaceChildren()
  else while (results.children.length > length) results.lastElementChild.remove()
  shown.hits.length = Math.min(shown.hits.length, length)
}

more.querySelector("button").addEventListener("click", () => {
  focusFrom = shown.hits.length
  worker.postMessage({ seq, from: shown.hits.length })
})
let focusFrom = -1

// ---- Narrowing ----

function isNarrowed(of = state) {
  return CHOICES.some((name) => of.chosen[name]?.length) || Boolean(of.tu || of.den)
}

function showFacets({ values, timeline }) {
  for (const group of narrow.querySelectorAll("[data-search-facet]")) {
    const name = group.dataset.searchFacet
    const list = values[name] ?? []
    const chosen = new Set(state.chosen[name] ?? [])
    const limit = opened.get(name) ?? VALUES
    const focused = document.activeElement?.closest("[data-search-facet]") === group ? document.activeElement.value : null
    const visible = list.filter((one, i) => i < limit || chosen.has(one.key))
    group.querySelector("ul").replaceChildren(...visible.map((one) => valueLine(name, one, group, chosen)))
    if (focused) [...group.querySelectorAll("input")].find((box) => box.value === focused)?.focus()
    group.querySelector("button").hidden = list.length <= limit
    group.hidden = !list.length && !chosen.size
  }
  part("clear").hidden = !isNarrowed()
  const count = CHOICES.reduce((sum, name) => sum + (state.chosen[name]?.length ?? 0), 0) + Number(Boolean(state.tu)) + Number(Boolean(state.den))
  part("narrow-count").textContent = count ? fill(narrow.dataset.count, { count }) : ""
  showTimeline(timeline)
}

function valueLine(name, { key, name: words, count }, group, chosen) {
  const line = value.content.cloneNode(true)
  const box = line.querySelector("input")
  box.name = name
  box.value = key
  box.checked = chosen.has(key)
  const known = group.querySelector(`[data-search-word="${CSS.escape(key)}"]`)
  part("value-name", line).textContent = known?.content.textContent.trim() ?? words ?? key
  part("value-count", line).textContent = number(count)
  return line
}

/* Articles a year as bars, and two handles on them. The months beside them say the same more exactly. */
function showTimeline(timeline) {
  const box = part("timeline")
  box.hidden = timeline.length < 2
  if (box.hidden) return
  const [first, last] = [timeline[0][0], timeline.at(-1)[0]]
  const counts = new Map(timeline)
  const most = Math.max(...counts.values())
  const bars = Array.from({ length: last - first + 1 }, (_, i) => {
    const bar = document.createElement("i")
    const year = first + i
    bar.style.height = `${((counts.get(year) ?? 0) / most) * 100}%`
    bar.toggleAttribute("data-out", Boolean((state.tu && year < Number(state.tu.slice(0, 4))) || (state.den && year > Number(state.den.slice(0, 4)))))
    return bar
  })
  part("bars").replaceChildren(...bars)
  for (const [name, at] of [["tu", first], ["den", last]]) {
    const handle = part(`handle-${name}`)
    handle.min = String(first)
    handle.max = String(last)
    if (handle !== document.activeElement) handle.value = state[name] ? state[name].slice(0, 4) : String(at)
    handle.setAttribute("aria-valuetext", fill(item.dataset.year, { year: handle.value }))
  }
}

narrow.addEventListener("change", ({ target }) => {
  if (CHOICES.includes(target.name)) {
    const chosen = new Set(state.chosen[target.name])
    if (target.checked) chosen.add(target.value)
    else chosen.delete(target.value)
    go({ ...state, chosen: { ...state.chosen, [target.name]: [...chosen] } })
  } else if (SINGLE.includes(target.name) && target.checkValidity()) {
    go({ ...state, [target.name]: target.value })
  } else if (target.type === "range") {
    const [from, to] = ["tu", "den"].map((name) => part(`handle-${name}`))
    if (Number(from.value) > Number(to.value)) (target === from ? to : from).value = target.value
    const tu = from.value === from.min ? "" : `${from.value}-01`
    const den = to.value === to.max ? "" : `${to.value}-12`
    go({ ...state, tu, den })
  }
})

narrow.addEventListener("click", ({ target }) => {
  const group = target.closest("[data-search-more-values]")?.closest("[data-search-facet]")
  if (!group) return
  const name = group.dataset.searchFacet
  const before = group.querySelectorAll("input").length
  opened.set(name, (opened.get(name) ?? VALUES) + MORE_VALUES)
  showFacets(shown.answer.facets)
  group.querySelectorAll("input")[before]?.focus()
})

part("clear").addEventListener("click", () => {
  go({ ...state, chosen: {}, tu: "", den: "" })
  input.focus()
})

part("names").addEventListener("toggle", ({ target }) => {
  if (!target.open || wantsNames) return
  wantsNames = true
  ask(false)
})

part("order").addEventListener("change", ({ target }) => go({ ...state, xep: target.value }))

// On a wide page the choices stand beside the results, always open.
const wide = matchMedia("(min-width: 60rem)")
const fold = () => { narrow.open = wide.matches }
wide.addEventListener("change", fold)
fold()

// ---- The address ----

function address({ q, chosen, ...single }) {
  const url = new URL(location.pathname, location.href)
  if (q.trim()) url.searchParams.set("q", q.trim())
  for (const name of CHOICES) for (const one of chosen[name] ?? []) url.searchParams.append(name, one)
  for (const name of SINGLE) if (single[name]) url.searchParams.set(name, single[name])
  return url
}

function fromAddress() {
  const given = new URL(location.href).searchParams
  const chosen = Object.fromEntries(CHOICES.map((name) => [name, [...new Set(given.getAll(name))]]).filter(([, keys]) => keys.length))
  const [tu, den] = ["tu", "den"].map((name) => (/^\d{4}-(0[1-9]|1[0-2])$/.test(given.get(name) ?? "") ? given.get(name) : ""))
  const xep = ["moi", "cu"].includes(given.get("xep")) ? given.get("xep") : ""
  state = { q: given.get("q") ?? "", chosen, tu, den, xep }
  fillForm()
}

function fillForm() {
  if (input.value.trim() !== state.q.trim()) input.value = state.q
  for (const name of ["tu", "den"]) narrow.querySelector(`[name=${name}]`).value = state[name]
  part("order").value = state.xep
}

const timers = new Map()
function later(task, wait) {
  clearTimeout(timers.get(task))
  timers.set(task, setTimeout(task, wait))
}

// A new query after another is one step in the browser's history, however many letters it takes.
let editing = false
function keepAddress() {
  const url = address(state)
  if (url.href === location.href) return
  const had = new URL(location.href).searchParams.get("q") ?? ""
  const step = !editing && had !== ""
  editing = true
  history[step ? "pushState" : "replaceState"](history.state, "", url)
}

/* Ask for something else that was chosen, a step of its own. */
function go(next) {
  timers.forEach(clearTimeout)
  keepAddress()
  editing = false
  state = next
  fillForm()
  const url = address(state)
  if (url.href !== location.href) history.pushState(history.state, "", url)
  ask(false)
}

input.addEventListener("input", () => {
  state = { ...state, q: input.value }
  ask(true)
  later(keepAddress, ADDRESS_MS)
})
form.addEventListener("submit", (event) => {
  event.preventDefault()
  timers.forEach(clearTimeout)
  state = { ...state, q: input.value }
  keepAddress()
  editing = false
  ask(false)
})
addEventListener("popstate", () => {
  timers.forEach(clearTimeout)
  editing = false
  fromAddress()
  ask(false)
})
notes.addEventListener("click", (event) => {
  const link = event.target.closest("a")
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  go({ ...state, q: link.textContent })
  input.focus({ preventScroll: true })
})
// A result followed at once must be found again on the way back.
results.addEventListener("click", () => {
  timers.forEach(clearTimeout)
  keepAddress()
})

// ---- Asking ----

const worker = new Worker(new URL("./search/worker.js", import.meta.url), { type: "module" })

function ask(typing) {
  seq++
  clearTimeout(timers.get(lookForPassages))
  results.setAttribute("aria-busy", "true")
  const chosen = { ...state.chosen, ...(state.tu && { tu: state.tu }), ...(state.den && { den: state.den }) }
  worker.postMessage({ seq, base: index.href, question: { query: state.q, typing, chosen, order: state.xep, names: wantsNames } })
  status.dataset.state = "loading"
}

function take({ data }) {
  if (data.seq !== seq) return
  if (data.fault) {
    fail(data.fault)
    return
  }
  if (data.table) tokens ??= new Tokens(data.table)
  if (data.answer) {
    shown.answer = data.answer
    if (!data.hits.length) trim(0)
  }
  show(data.from ?? 0, data.hits)
  later(lookForPassages, PASSAGE_MS)
  if (data.answer?.mode === "apart") say("apart", { status: "loading" })
  if (data.from && focusFrom === data.from) {
    part("hit", results.children[focusFrom])?.focus()
    focusFrom = -1
  }
  if (!data.answer?.final) return
  results.removeAttribute("aria-busy")
  sayAnswer(data.answer)
  note(data.answer)
  if (data.answer.facets) showFacets(data.answer.facets)
}

function fail(kind) {
  results.removeAttribute("aria-busy")
  trim(0)
  say(kind === "offline" ? "offline" : "error", { status: "error" })
  notes.hidden = true
  more.hidden = true
}

worker.addEventListener("message", take)
worker.addEventListener("error", (event) => {
  event.preventDefault()
  fail("broken")
})

fromAddress()
say("loading", { status: "loading" })
if (!state.q && !isNarrowed()) input.focus({ preventScroll: true })
wantsNames = Boolean(state.chosen.donvi || state.chosen.nguoi)
part("names").open = wantsNames
ask(false)
