/*
 * The index that the build writes, read a file at a time: docs/search-index.md describes it. Nothing here knows the
 * page: how a file is got is given to `new Index(get)`.
 */

import { Tokens } from "./tokens.js"

export const VERSION = 1
const MANIFEST = "manifest.bin"
const KEPT = 40_000_000
/* Bytes of files kept unpacked; those not asked for longest are taken from the browser's cache again. */

/* Why the index cannot be used: `kind` is "missing", "broken", "version" or "offline". */
export class IndexFault extends Error {
  constructor(kind, file, options) {
    super(`${file}: ${kind}`, options)
    this.name = "IndexFault"
    this.kind = kind
    this.file = file
  }
}

/* Get files with fetch from `base`; `fresh` is "default", "no-cache" or "reload". */
export function fetcher(base) {
  return async (name, fresh) => {
    let answer
    try {
      answer = await fetch(new URL(name, base), { cache: fresh })
    } catch (error) {
      throw new IndexFault("offline", name, { cause: error })
    }
    if (!answer.ok) throw new IndexFault("missing", name)
    try {
      return new Uint8Array(await answer.arrayBuffer())
    } catch (error) {
      throw new IndexFault("offline", name, { cause: error })
    }
  }
}

async function unpacked(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/* Strings by code point, as Python orders them: surrogates come after all other units. */
function before(one, other) {
  const length = Math.min(one.length, other.length)
  for (let i = 0; i < length; i++) {
    const [a, b] = [one.charCodeAt(i), other.charCodeAt(i)]
    if (a !== b) {
      const rank = (unit) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit)
      return rank(a) < rank(b)
    }
  }
  return one.length < other.length
}

/* The place of the shard in which a term stands, given the first terms of all; -1 when there is none. */
export function shardOf(term, firsts) {
  let low = 0
  let high = firsts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (before(term, firsts[middle])) high = middle
    else low = middle + 1
  }
  return firsts.length ? Math.max(0, low - 1) : -1
}

/* One shard: its heads are walked when a term is asked for, the documents of a term are read after that. */
export class Shard {
  constructor(bytes, words) {
    this.bytes = bytes
    this.words = words
    this.at = 0
    this.terms = this.number()
    const size = this.number()
    this.heads = this.at
    const { distances, documents } = this.#walk(() => true, () => undefined)
    this.distances = this.at
    this.weights = this.at + size
    if (distances !== size || this.weights + documents !== bytes.length) throw new RangeError("not a whole shard")
  }

  number() {
    const { bytes } = this
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      if (this.at >= bytes.length) throw new RangeError("the shard ends too early")
      const byte = bytes[this.at++]
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }

  /* Go through the heads while `on(term, length)` says so, `term` in UTF-8, and hand the entries it answers 1 for on. */
  #walk(on, take) {
    const { bytes, words } = this
    let term = new Uint8Array(64)
    let distances = 0
    let documents = 0
    this.at = this.heads
    for (let i = 0; i < this.terms; i++) {
      const shared = this.number()
      const length = shared + this.number()
      if (this.at + length - shared > bytes.length) throw new RangeError("the shard ends too early")
      if (length > term.length) {
        const longer = new Uint8Array(length * 2)
        longer.set(term)
        term = longer
      }
      for (let place = shared; place < length; place++) term[place] = bytes[this.at++]
      const wanted = on(term, length)
      if (!wanted) break
      for (let forms = this.number(); forms > 0; forms--) {
        const form = this.at
        this.at += words
        const count = this.number()
        const size = this.number()
        if (wanted === 1) take({ shard: this, form: bytes.subarray(form, form + words), count, distances, size, weights: documents }, length)
        distances += size
        documents += count
      }
    }
    return { distances, documents }
  }

  /* The entries of a term, or with `open` of all that begin so: [{form, count, whole, …}]. */
  find(text, open = false) {
    const asked = new TextEncoder().encode(text)
    const found = []
    this.#walk((term, length) => {
      const least = Math.min(length, asked.length)
      for (let i = 0; i < least; i++) if (term[i] !== asked[i]) return term[i] < asked[i] ? 2 : 0
      if (length < asked.length) return 2
      return open || length === asked.length ? 1 : 0
    }, (entry, length) => found.push({ ...entry, whole: length === asked.length }))
    return found
  }

  /* Call `each(document, stored weight)` for the documents of an entry. */
  read(entry, each) {
    const { bytes } = this
    let at = this.distances + entry.distances
    let weight = this.weights + entry.weights
    let document = 0
    for (let i = 0; i < entry.count; i++) {
      let byte = bytes[at++]
      let value = byte & 127
      for (let scale = 128; byte > 127; scale *= 128) {
        byte = bytes[at++]
        value += (byte & 127) * scale
      }
      document += value
      each(document, bytes[weight++])
    }
  }
}

export class Index {
  constructor(get) {
    this.get = get
    this.mode = "default"
    this.files = new Map()
    this.kept = 0
    this.opened = null
  }

  /* The manifest, fetched once; `tokens` and `weights` are ready after it. */
  async open() {
    this.opened ??= this.#open().catch((error) => {
      this.opened = null
      throw error
    })
    return this.opened
  }

  async #open() {
    const manifest = this.#json(await this.#bytes(MANIFEST, this.mode === "default" ? "no-cache" : this.mode), MANIFEST)
    if (manifest?.version !== VERSION) throw new IndexFault("version", MANIFEST)
    try {
      this.tokens = new Tokens(manifest.table)
      const { smallest, step } = manifest.weights
      this.weights = Float64Array.from({ length: 256 }, (_, stored) => smallest * step ** stored)
      for (const family of [manifest.words, manifest.pairs]) {
        if (family.firsts.length !== family.files.length) throw new RangeError("not a whole manifest")
      }
      if (!Number.isInteger(manifest.documents) || !Array.isArray(manifest.cards)) throw new RangeError("no documents")
    } catch (error) {
      throw new IndexFault("broken", MANIFEST, { cause: error })
    }
    this.manifest = manifest
    return manifest
  }

  /* Forget everything and ask past the browser's cache from now on: the site may have been built anew. */
  reset() {
    this.mode = "reload"
    this.files.clear()
    this.kept = 0
    this.opened = null
  }

  async #bytes(name, mode = this.mode) {
    const bytes = await this.get(name, mode)
    try {
      return await unpacked(bytes)
    } catch (error) {
      throw new IndexFault("broken", name, { cause: error })
    }
  }

  #json(bytes, name) {
    try {
      return JSON.parse(new TextDecoder().decode(bytes))
    } catch (error) {
      throw new IndexFault("broken", name, { cause: error })
    }
  }

  /* What a file holds, made once as long as it is kept: {size, made}; the files asked for last stand last. */
  #once(name, make) {
    let file = this.files.get(name)
    if (file) this.files.delete(name)
    else {
      file = { size: 0, made: null }
      file.made = this.#made(name, make, file)
      file.made.catch(() => this.#drop(name, file))
    }
    this.files.set(name, file)
    return file.made
  }

  async #made(name, make, file) {
    const bytes = await this.#bytes(name)
    try {
      const made = make(bytes)
      if (this.files.get(name) === file) this.#count(file, bytes.length)
      return made
    } catch (error) {
      throw error instanceof IndexFault ? error : new IndexFault("broken", name, { cause: error })
    }
  }

  #count(file, size) {
    file.size = size
    this.kept += size
    for (const [name, other] of this.files) {
      if (this.kept <= KEPT) break
      if (other !== file && other.size) this.#drop(name, other)
    }
  }

  #drop(name, file) {
    if (this.files.get(name) !== file) return
    this.files.delete(name)
    this.kept -= file.size
  }

  #shard(family, place) {
    return this.#once(this.manifest[family].files[place], (bytes) => new Shard(bytes, family === "words" ? 1 : 2))
  }

  /* The entries of one term: [{shard, form, count, …}]. */
  async entries(family, term) {
    const place = shardOf(term, this.manifest[family].firsts)
    return place < 0 ? [] : (await this.#shard(family, place)).find(term)
  }

  /*
   * The shards in which terms begin so: {places, more}. When these are more than `most`, only the first of them, which
   * has the word itself: the others would cost more than so short a beginning says.
   */
  #reach(family, prefix, most) {
    const { firsts } = this.manifest[family]
    const places = []
    for (let place = shardOf(prefix, firsts); place >= 0 && place < firsts.length; place++) {
      if (places.length && !firsts[place].startsWith(prefix)) break
      if (places.length === most) return { places: places.slice(0, 1), more: true }
      places.push(place)
    }
    return { places, more: false }
  }

  /* The entries of the terms that begin so: {entries, more}; `more` tells that some shards were not looked at. */
  async beginnings(family, prefix, most) {
    const { places, more } = this.#reach(family, prefix, most)
    const shards = await Promise.all(places.map((place) => this.#shard(family, place)))
    return { entries: shards.flatMap((shard) => shard.find(prefix, true)), more }
  }

  /* Whether what a term, or a beginning, needs is at hand. */
  has(family, term, open, most) {
    const { places } = this.#reach(family, term, open ? most : 1)
    return places.every((place) => this.files.get(this.manifest[family].files[place])?.size)
  }

  hasCards(documents) {
    const { chunk, cards } = this.manifest
    return documents.every((one) => this.files.get(cards[Math.floor(one / chunk)])?.size)
  }

  /* The cards of documents, in their order. */
  async cards(documents) {
    const { chunk, cards } = this.manifest
    const many = await Promise.all(documents.map((one) => this.#data(cards[Math.floor(one / chunk)])))
    return documents.map((one, i) => {
      const card = many[i][one % chunk]
      if (!Array.isArray(card)) throw new IndexFault("broken", cards[Math.floor(one / chunk)])
      const [url, title, derived, date, clusters, source] = card
      return { document: one, url, title, derived: Boolean(derived), date, clusters, source }
    })
  }

  #data(name) {
    return this.#once(name, (bytes) => this.#json(bytes, name))
  }

  facets() {
    return this.#data(this.manifest.facets)
  }

  names() {
    return this.#data(this.manifest.names)
  }

  vocabulary() {
    return this.#data(this.manifest.vocabulary)
  }
}
