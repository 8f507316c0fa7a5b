/*
 * The index that the build writes, read a file at a time: docs/search-index.md describes it. Nothing here knows the
 * page: how a file is got is given to `new Index(get)`.
 */

import { Tokens } from "./tokens.js"

export const VERSION = 1
const MANIFEST = "manifest.bin"
const KEPT = 160
/* Files kept read; older ones are taken from the browser's cache again. */
const SURROGATE = /[\ud800-\udfff]/

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

/* One shard: its terms are read at once, the documents of a term when it is asked for. */
export class Shard {
  constructor(bytes, words) {
    this.bytes = bytes
    this.terms = new Map()
    this.at = 0
    const decoder = new TextDecoder("utf-8", { fatal: true })
    const count = this.number()
    const size = this.number()
    let last = ""
    let distances = 0
    let documents = 0
    for (let i = 0; i < count; i++) {
      const shared = this.number()
      const length = this.number()
      const kept = SURROGATE.test(last) ? Array.from(last).slice(0, shared).join("") : last.slice(0, shared)
      last = kept + decoder.decode(this.take(length))
      const entries = []
      for (let forms = this.number(); forms > 0; forms--) {
        const form = this.take(words)
        const many = this.number()
        const bytesOfThem = this.number()
        entries.push({ form, count: many, distances, size: bytesOfThem, weights: documents })
        distances += bytesOfThem
        documents += many
      }
      this.terms.set(last, entries)
    }
    this.distances = this.at
    this.weights = this.at + size
    if (distances !== size || this.weights + documents !== bytes.length) throw new RangeError("not a whole shard")
  }

  number() {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      if (this.at >= this.bytes.length) throw new RangeError("the shard ends too early")
      const byte = this.bytes[this.at++]
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }

  take(length) {
    if (this.at + length > this.bytes.length) throw new RangeError("the shard ends too early")
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
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
      this.weights = Float32Array.from({ length: 256 }, (_, stored) => smallest * step ** stored)
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

  #once(name, make) {
    let made = this.files.get(name)
    if (!made) {
      made = this.#bytes(name).then((bytes) => {
        try {
          return make(bytes)
        } catch (error) {
          throw error instanceof IndexFault ? error : new IndexFault("broken", name, { cause: error })
        }
      })
      if (this.files.size >= KEPT) this.files.delete(this.files.keys().next().value)
      this.files.set(name, made)
      made.catch(() => this.files.delete(name))
    }
    return made
  }

  #shard(family, place) {
    return this.#once(this.manifest[family].files[place], (bytes) => new Shard(bytes, family === "words" ? 1 : 2))
  }

  /* The entries of one term: [{shard, form, count, …}]. */
  async entries(family, term) {
    const place = shardOf(term, this.manifest[family].firsts)
    if (place < 0) return []
    const shard = await this.#shard(family, place)
    return (shard.terms.get(term) ?? []).map((entry) => ({ shard, ...entry }))
  }

  /* The terms that begin so, with their entries, from at most `most` shards: [[term, entries]]. */
  async beginnings(family, prefix, most) {
    const { firsts } = this.manifest[family]
    const places = []
    for (let place = shardOf(prefix, firsts); place >= 0 && place < firsts.length && places.length < most; place++) {
      if (places.length && !firsts[place].startsWith(prefix)) break
      places.push(place)
    }
    const found = []
    for (const shard of await Promise.all(places.map((place) => this.#shard(family, place)))) {
      for (const [term, entries] of shard.terms) {
        if (term.startsWith(prefix)) found.push([term, entries.map((entry) => ({ shard, ...entry }))])
      }
    }
    return found
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
