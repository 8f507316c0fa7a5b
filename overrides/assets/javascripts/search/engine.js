/*
 * Search: what a query means is said in docs/search-index.md. Files are fetched as they are needed; documents in which
 * all neighbours stand side by side are shown before the words are fetched and counted.
 */

import { IndexFault } from "./index.js"
import { Desk, Matches, NONE, only, without } from "./matches.js"
import { NAMED, pairsOf, parse, wordsOf } from "./query.js"
import { Shorts } from "./shorts.js"

export const PAGE = 20
const MOST_SHARDS = 3
const BEGINNING = 0.5
/* What a word that only begins with what was typed is worth; the word itself comes before all of them. */
const WHOLE = 1e3
const ADJACENT = 1e6
const ANY_WORD = 1e5
const REMEMBERED = 300
const TYPING_MS = 200
/* Files that only the total and the facets need are not fetched while keys follow one another so soon. */
const SHOWN_MS = 50
/* Nor before the first results are shown. */

/* Thrown when another question has been asked meanwhile. */
export class Stale extends Error {}

const plain = (word) => (word.form === 0 ? word : { ...word, form: 0 })

export class Engine {
  constructor(index) {
    this.index = index
  }

  async open() {
    const manifest = await this.index.open()
    if (this.manifest !== manifest) {
      this.manifest = manifest
      this.tokens = this.index.tokens
      this.desk = new Desk(manifest.documents, this.index.weights)
      this.shorts = new Shorts(manifest, this.tokens)
      this.remembered = new Map()
      this.facets = null
    }
    return manifest
  }

  /*
   * Answer a question {query, typing, chosen, order, names}: `typing` takes the last word as a beginning (without it,
   * only when it finds nothing as a word); `chosen` is what facets narrow to, `order` "" (best
   * first), "moi" or "cu", `names` asks for the facets of units and people too. `publish` is given each answer, the
   * last one with `final`, and may return a promise to be waited for; `stale` tells whether it is still wanted.
   * `pause(milliseconds)` lets other messages in.
   * An answer: {final, mode, total, documents, marks, shorts, suggestion, quoted, phrases, cut, narrowed, facets}.
   * `quoted`: neighbours were demanded; `phrases` are those of three words or more, of which a document has each two
   * words side by side. `mode`: "browse",
   * "all", "marks" (only with other marks), "any" (only some of the words), "none", "wordless"; not final also "apart":
   * nowhere do the words stand side by side, and whether they stand apart is still looked up. `cut`: more words begin
   * with the last one than were looked at.
   * When a file is missing or half, or the index is another's, all is asked once more past the cache.
   */
  async search(question, publish, stale = () => false, pause = async () => undefined) {
    try {
      return await this.#search(question, publish, stale, pause)
    } catch (error) {
      if (!recoverable(error)) throw error
      this.index.reset()
      return this.#search(question, publish, stale, pause)
    }
  }

  async #search(question, publish, stale, pause) {
    const alive = async (promise) => {
      const value = await promise
      if (stale()) throw new Stale()
      return value
    }
    await alive(this.open())
    try {
      return await this.#answer(question, publish, alive, (time) => alive(pause(time)))
    } catch (error) {
      throw error instanceof RangeError ? new IndexFault("broken", "search", { cause: error }) : error
    }
  }

  async #answer(question, publish, alive, pause) {
    const { query = "", typing = true, chosen = {}, order = "", names = false } = question
    let asked = parse(query, this.tokens, typing)
    let words = wordsOf(asked)
    const shorts = this.shorts.within(asked)
    const narrowing = Object.values(chosen).some((value) => value?.length) || Object.keys(asked.fields).length > 0
    const base = { phrases: phrasesOf(asked), shorts, narrowed: narrowing, order, marks: marksOf(words, pairsOf(asked), shorts) }
    const wantsNames = names || NAMED.some((name) => chosen[name]?.length || asked.fields[name])
    const counting = () => this.#counting(chosen, asked.fields, wantsNames)
    if (asked.typed && !words.length && !asked.without.length && !Object.keys(asked.fields).length) {
      const answer = { ...base, mode: "wordless", total: 0, unnarrowed: 0, documents: new Int32Array(0) }
      publish({ ...answer, final: true, facets: null })
      return answer
    }
    const early = narrowing || order ? await alive(counting()) : null
    if (!order) await this.#early(asked, base, early, publish, alive)
    await pause(this.#atHand(words) ? 0 : typing ? TYPING_MS : SHOWN_MS)
    let found = await alive(this.#found(asked, words, query))
    if (!typing && (found.notes.mode === "any" || found.notes.mode === "none")) {
      const open = parse(query, this.tokens, true)
      const beginning = await alive(this.#found(open, wordsOf(open), query))
      if (beginning.notes.mode === "all" || beginning.notes.mode === "marks") {
        found = beginning
        asked = open
        words = wordsOf(open)
      }
    }
    const result = { ...base, ...found.notes }
    const passing = early ? only(found.matches, early.passes) : found.matches
    const documents = this.#ordered(passing, order || (words.length ? "" : "moi"), early)
    const answer = { ...result, total: documents.length, documents, unnarrowed: found.matches.size }
    await alive(publish({ ...answer, final: true, facets: null }))
    await pause(early ? 0 : typing ? TYPING_MS : SHOWN_MS)
    const { facets, constraints } = early ?? (await alive(counting()))
    // Without words the newest come first, and which these are only the columns tell for certain.
    publish({ ...answer, final: true, facets: facets.counts(found.matches.documents, constraints) })
    return answer
  }

  #atHand(words) {
    return words.every(({ term, open }) => this.index.has("words", term, open, MOST_SHARDS))
  }

  /* The first answer, from neighbours alone: where they stand as asked, the words do, and nothing ranks above. */
  async #early(asked, base, early, publish, alive) {
    if (!asked.runs.length || asked.without.length || asked.runs.some(({ words }) => words.length < 2)) return
    const pairs = await alive(Promise.all(pairsOf(asked).map((pair) => this.#pair(pair))))
    const adjacent = this.desk.all(pairs)
    const passing = early ? only(adjacent, early.passes) : adjacent
    if (!passing.size) {
      const apart = !adjacent.size && !pairs.some(({ cut }) => cut) && !this.#atHand(wordsOf(asked))
      if (apart) await alive(publish({ ...base, final: false, mode: "apart", total: 0, documents: new Int32Array(0), facets: null }))
      return
    }
    const documents = this.#ordered(passing, "", early)
    await alive(publish({ ...base, final: false, mode: "all", total: documents.length, documents, facets: null }))
  }

  /* What the words find, and how: {matches, notes: {mode, marks, suggestion}}. */
  async #found(asked, words, query) {
    const gone = await Promise.all(asked.without.map((one) => this.#phrase(one)))
    if (!words.length) return { matches: without(this.#everything(), gone), notes: { mode: "browse" } }
    const lists = new Map()
    const meant = new Map()
    let relaxed = false
    await Promise.all(words.map(async (word) => {
      let list = await this.#word(word)
      meant.set(key(word), word)
      if (!list.size && word.form) {
        list = await this.#word(plain(word))
        if (list.size) {
          relaxed = true
          meant.set(key(word), plain(word))
        }
      }
      lists.set(key(word), list)
    }))
    const cut = [...lists.values()].some((list) => list.cut)
    const strict = await this.#together(asked, words, lists, meant)
    if (strict.size) return this.#notes(without(strict, gone), asked, words, meant, { mode: relaxed ? "marks" : "all", cut })
    if (words.some((word) => word.form && meant.get(key(word)) === word)) {
      const loose = new Map(words.map((word) => [key(word), plain(word)]))
      const wide = new Map(await Promise.all(words.map(async (word) => [key(word), await this.#word(plain(word))])))
      const found = await this.#together(asked, words, wide, loose)
      const cut = [...wide.values()].some((list) => list.cut)
      if (found.size) return this.#notes(without(found, gone), asked, words, loose, { mode: "marks", cut })
    }
    const missing = words.filter((word) => !lists.get(key(word)).size)
    const suggestion = missing.length ? await (await later("typo.js")).corrected(query, missing, asked, this.index) : null
    const any = without(this.desk.any([...lists.values()], ANY_WORD), gone)
    return this.#notes(any, asked, words, meant, { mode: any.size ? "any" : "none", suggestion, cut })
  }

  #notes(matches, asked, words, meant, { mode, ...others }) {
    const as = (word) => meant.get(key(word)) ?? word
    const quoted = asked.runs.some(({ phrase, words: { length } }) => phrase && length > 1)
    const notes = { ...others, mode, quoted, phrases: mode === "any" ? [] : phrasesOf(asked, as) }
    const pairs = pairsOf(asked).map(({ first, second }) => ({ first: as(first), second: as(second) }))
    return { matches, notes: { ...notes, marks: marksOf(words.map(as), pairs, this.shorts.within(asked)) } }
  }

  /* Documents with all words and every demanded neighbour; those with all neighbours first. */
  async #together(asked, words, lists, meant) {
    const all = this.desk.all(words.map((word) => lists.get(key(word))))
    if (!all.size) return NONE
    const as = (word) => ({ ...(meant.get(key(word)) ?? word), open: word.open })
    const asking = pairsOf(asked)
    const pairs = await Promise.all(asking.map((pair) => this.#pair({ first: as(pair.first), second: as(pair.second) })))
    const demanded = pairs.filter((_, i) => asking[i].demanded)
    const kept = demanded.length ? this.#among(all, this.desk.all(demanded)) : all
    if (!pairs.length || !kept.size) return kept
    const scattered = this.desk.more(kept, pairs)
    const single = asked.runs.filter(({ words: [first, ...rest] }) => !rest.length && first).map(({ words: [only_] }) => lists.get(key(only_)))
    const adjacent = this.desk.all(pairs)
    const worth = new Map()
    const full = single.length ? this.desk.more(adjacent, single.filter(Boolean)) : adjacent
    full.documents.forEach((document, i) => worth.set(document, full.scores[i]))
    scattered.documents.forEach((document, i) => {
      const score = worth.get(document)
      if (score !== undefined) scattered.scores[i] = ADJACENT + score
    })
    return scattered
  }

  #among(list, others) {
    const there = new Set(others.documents)
    return only(list, (document) => there.has(document))
  }

  async #phrase(words) {
    if (words.length === 1) return this.#word(words[0])
    const pairs = words.slice(1).map((second, i) => this.#pair({ first: words[i], second }))
    return this.desk.all(await Promise.all(pairs))
  }

  #everything() {
    const documents = Int32Array.from({ length: this.manifest.documents }, (_, document) => document)
    return { documents, scores: new Float64Array(documents.length), size: documents.length }
  }

  #remember(name, make) {
    let known = this.remembered.get(name)
    if (!known) {
      known = make()
      if (this.remembered.size >= REMEMBERED) this.remembered.delete(this.remembered.keys().next().value)
      this.remembered.set(name, known)
      known.catch(() => this.remembered.delete(name))
    }
    return known
  }

  #word(word) {
    const fits = (entry) => this.tokens.fits(entry.form[0], word, word.open)
    return this.#remember(`w ${key(word)}`, () => this.#list("words", word.term, word.open, fits))
  }

  #pair({ first, second }) {
    const fits = ({ form }) => this.tokens.fits(form[0], first) && this.tokens.fits(form[1], second, second.open)
    const name = `p ${first.term} ${first.form} ${key(second)}`
    return this.#remember(name, () => this.#list("pairs", `${first.term} ${second.term}`, second.open, fits))
  }

  async #list(family, term, open, fits) {
    if (!open) return this.desk.gather((await this.index.entries(family, term)).filter(fits).map((entry) => [entry, 1]))
    const { entries, more } = await this.index.beginnings(family, term, MOST_SHARDS)
    const parts = entries.filter(fits)
    const gather = (whole) => this.desk.gather(parts.filter((one) => one.whole === whole).map((entry) => [entry, BEGINNING]))
    const [exact, begun] = [gather(true), gather(false)]
    const whole = new Matches(exact.documents, exact.scores.map((score) => score / BEGINNING + WHOLE))
    return Object.assign(this.desk.any([whole, without(begun, [exact])]), { cut: more })
  }

  #ordered({ documents, scores }, order, early) {
    const places = Array.from(documents.keys())
    if (!order) {
      places.sort((one, other) => scores[other] - scores[one] || documents[other] - documents[one])
    } else {
      // Documents are numbered in time order; those without a date come last either way.
      const sign = order === "cu" ? 1 : -1
      const undated = (place) => Number(early ? early.facets.days[documents[place]] === null : false)
      places.sort((one, other) => undated(one) - undated(other) || sign * (documents[one] - documents[other]))
    }
    return Int32Array.from(places, (place) => documents[place])
  }

  async #counting(chosen, fields, names) {
    const columns = await this.index.facets()
    const { Facets } = await later("facets.js")
    this.facets ??= new Facets(columns)
    if (names) this.facets.addNames(await this.index.names())
    const constraints = this.facets.constraints(chosen, fields, this.tokens)
    return { facets: this.facets, constraints, passes: this.facets.passes(constraints) }
  }

  cards(documents) {
    return this.index.cards(documents)
  }
}

/* A part of the engine that the first answer does not need. */
function later(name) {
  return import(`./${name}`).catch((error) => {
    throw new IndexFault("offline", name, { cause: error })
  })
}

function recoverable(error) {
  return error instanceof IndexFault && error.kind !== "offline"
}

/* The phrases of three words or more: pairs say that each two stand side by side, not that all do in one place. */
function phrasesOf(asked, as = (word) => word) {
  const long = asked.runs.filter(({ phrase, words }) => phrase && words.length > 2)
  return long.map(({ words }) => words.map(as).map(({ term, form }) => ({ term, form })))
}

/* What tells words apart. */
function key(word) {
  return `${word.term} ${word.form}${word.open ? "*" : ""}`
}

/* What is lit in a text: words, which of them are neighbours, and the other halves of short and long forms. */
export function marksOf(words, pairs, shorts) {
  const place = new Map(words.map((word, i) => [`${word.term} ${word.form}`, i]))
  const at = (word) => place.get(`${word.term} ${word.form}`)
  return {
    words: words.map(({ term, form, open }) => ({ term, form, open })),
    pairs: pairs.map(({ first, second }) => [at(first), at(second)]),
    sequences: shorts.map(({ other }) => other),
  }
}
