/*
 * The search page: loads the index that the build made, asks the engine in lunr.vi.min.js, fills the <template> of
 * tim-kiem.html. All words for the reader stand in that template; here is only what is done with them.
 */

const SHOWN = 30
const TYPING_MS = 120
const ADDRESS_MS = 400
const SNIPPET = 260
const BEFORE_HIT = 70
const QUERY_SHOWN = 80

const root = document.querySelector("[data-search]")
const part = (name, from = root) => from.querySelector(`[data-search-${name}]`)
const [form, input, status, results, more, item] = ["form", "input", "status", "results", "more", "item"].map((name) => part(name))
const sites = new URL(`${root.dataset.searchRoot}/`, document.baseURI)

let archive = null
let latest = []

// ---- What the status line says ----

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")
}

function say(state, name, total = 0, query = "") {
  const shown = query.length > QUERY_SHOWN ? `${query.slice(0, QUERY_SHOWN)}…` : query
  status.dataset.state = state
  status.dataset.total = String(total)
  status.textContent = fill(status.dataset[name], { total: total.toLocaleString("vi"), query: shown })
}

// ---- Where the words stand in a text ----

/* The places in `text` of the words asked for: [{start, end, word}]. */
function hitsIn(text, found) {
  const { words, open } = found
  const matches = (span, word) => {
    const written = word.form === word.folded ? span.folded : span.form
    return written === word.term || (open && word.open && written.startsWith(word.term))
  }
  return lunr.vi.spans(text).flatMap((span, place) => {
    const word = words.findIndex((one) => matches(span, one))
    return word < 0 ? [] : [{ start: span.start, end: span.end, word, place }]
  })
}

/* Mark which hits stand beside the neighbour they have in the query. */
function joinNeighbours(hits, { pairs }) {
  hits.forEach((hit, i) => {
    const next = hits[i + 1]
    if (next?.place === hit.place + 1 && pairs.some(({ first, second }) => first === hit.word && second === next.word)) {
      hit.joined = next.joined = true
    }
  })
  return hits
}

/* All texts of a document with their hits. A word that stands beside its neighbour somewhere is marked only there. */
function read(texts, found) {
  const all = texts.map((text) => ({ text, hits: joinNeighbours(hitsIn(text, found), found) }))
  const joined = new Set(all.flatMap(({ hits }) => hits.filter((hit) => hit.joined).map((hit) => hit.word)))
  return all.map(({ text, hits }) => ({ text, hits: hits.filter((hit) => hit.joined || !joined.has(hit.word)) }))
}

/* The stretch with the most of what was asked for: [text, hits within it]. */
function snippet(paragraphs) {
  let best = { worth: 0, text: paragraphs[0]?.text ?? "", from: 0, hits: [] }
  for (const { text, hits } of paragraphs) {
    for (const [i, hit] of hits.entries()) {
      const near = hits.slice(i, i + 40).filter(({ end }) => end <= hit.start + SNIPPET - BEFORE_HIT)
      const worth = new Set(near.map(({ word }) => word)).size + near.filter(({ joined }) => joined).length * 0.1
      if (worth > best.worth) best = { worth, text, from: hit.start, hits }
    }
  }
  const { text, hits } = best
  const from = wordEdge(text, Math.max(0, best.from - BEFORE_HIT), best.from)
  const to = from + SNIPPET >= text.length ? text.length : text.lastIndexOf(" ", from + SNIPPET)
  const end = to > from ? to : from + SNIPPET
  return {
    text: text.slice(from, end),
    hits: hits.filter((hit) => hit.start >= from && hit.end <= end)
      .map((hit) => ({ start: hit.start - from, end: hit.end - from })),
    cutBefore: from > 0,
    cutAfter: end < text.length,
  }
}

/* The beginning of a word at or after `from`, not past `limit`. */
function wordEdge(text, from, limit) {
  if (from === 0) return 0
  const space = text.indexOf(" ", from - 1)
  return space < 0 || space + 1 > limit ? limit : space + 1
}

/* Write `text` into an element with <mark> round the hits; neighbours share one mark. */
function write(element, { text, hits, cutBefore, cutAfter }) {
  const runs = []
  for (const { start, end } of hits) {
    const last = runs.at(-1)
    if (last && /^\s*$/.test(text.slice(last.end, start))) last.end = end
    else runs.push({ start, end })
  }
  const nodes = [cutBefore ? "… " : ""]
  let at = 0
  for (const { start, end } of runs) {
    const mark = document.createElement("mark")
    mark.textContent = text.slice(start, end)
    nodes.push(text.slice(at, start), mark)
    at = end
  }
  element.replaceChildren(...nodes, text.slice(at), cutAfter ? " …" : "")
}

// ---- Results ----

function dateWords(iso) {
  const [year, month, day] = iso.split("-")
  const pattern = day ? item.dataset.day : month ? item.dataset.month : item.dataset.year
  return fill(pattern, { year, month: day ? month : String(Number(month)), day })
}

function setOrRemove(element, text) {
  if (text) element.textContent = text
  else element.remove()
}

function render(entry, found) {
  const node = item.content.cloneNode(true)
  const [title, ...paragraphs] = read([entry.title, ...entry.text], found)
  const link = part("hit", node)
  link.href = new URL(entry.url, sites)
  write(link, title)
  const time = part("date", node)
  if (entry.date) {
    time.dateTime = entry.date
    time.textContent = dateWords(entry.date)
    part("undated", node).remove()
  } else time.remove()
  if (!entry.title_derived) part("derived", node).remove()
  const cluster = part("cluster", node)
  for (const label of entry.clusters) {
    const one = cluster.cloneNode()
    one.textContent = label
    cluster.before(one)
  }
  cluster.remove()
  if (entry.clusters.length) part("unassigned", node).remove()
  setOrRemove(part("source", node), entry.source)
  if (entry.source) part("unsourced", node).remove()
  write(part("snippet", node), snippet(paragraphs))
  return node
}

function showMore(found) {
  const next = latest.splice(0, SHOWN)
  results.append(...next.map(({ ref }) => render(archive.documents[ref], found)))
  more.hidden = latest.length === 0
  more.querySelector("button").onclick = () => {
    const first = results.children.length
    showMore(found)
    part("hit", results.children[first])?.focus()
  }
}

function run() {
  if (!archive) return
  const query = input.value.trim()
  const found = lunr.vi.find(archive.index, input.value)
  const total = found.hits.length
  latest = found.hits
  results.replaceChildren()
  showMore(found)
  if (!query) say("ready", "empty")
  else if (!found.words.length) say("ready", "noWords", 0, query)
  else if (!total) say("ready", "none", 0, query)
  else if (found.all) say("ready", total === 1 ? "one" : "many", total, query)
  else say("ready", total === 1 ? "partlyOne" : "partly", total, query)
}

// ---- The address ----

function addressQuery() {
  return new URL(location.href).searchParams.get("q") ?? ""
}

function fromAddress() {
  input.value = addressQuery()
}

function writeAddress(how) {
  const query = input.value.trim()
  if (query === addressQuery().trim()) return
  const url = new URL(location.href)
  if (query) url.searchParams.set("q", query)
  else url.searchParams.delete("q")
  history[how](history.state, "", url)
}

const timers = new Map()
function later(task, wait) {
  clearTimeout(timers.get(task))
  timers.set(task, setTimeout(task, wait))
}

// A new query after another is one step in the browser's history, however many letters it takes.
let editing = false
function keepAddress() {
  const step = !editing && addressQuery() !== ""
  editing = true
  writeAddress(step ? "pushState" : "replaceState")
}

input.addEventListener("input", () => {
  later(run, TYPING_MS)
  later(keepAddress, ADDRESS_MS)
})
form.addEventListener("submit", (event) => {
  event.preventDefault()
  timers.forEach(clearTimeout)
  keepAddress()
  editing = false
  run()
})
addEventListener("popstate", () => {
  timers.forEach(clearTimeout)
  editing = false
  fromAddress()
  run()
})
// A result followed at once must be found again on the way back.
results.addEventListener("click", () => {
  timers.forEach(clearTimeout)
  keepAddress()
})

// ---- Loading ----

async function load() {
  say("loading", "loading")
  try {
    const answer = await fetch(root.dataset.searchFile)
    if (!answer.ok) throw new Error(answer.status)
    const { index, documents } = await answer.json()
    archive = { index: lunr.Index.load(index), documents }
  } catch {
    say("error", "error")
    return
  }
  run()
}

fromAddress()
if (!input.value) input.focus({ preventScroll: true })
load()
