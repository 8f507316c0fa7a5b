/*
 * Narrowing: which documents pass what was chosen, and how many there would be under each value. Values of one
 * dimension are alternatives; dimensions are demanded together.
 */

const EPOCH = Date.UTC(1945, 0, 1)
const DAY = 86_400_000

export const UNKNOWN = "khong-ro"
/* Stands for what is not known: a value of every dimension, with its own words in the template. */

/* A value's key in the address: its page's without the first folder and the last slash. */
const keyOf = (url) => url.split("/").slice(1).filter(Boolean).join("/")

/* A dimension: its values' keys and names, and the places of each document's own. */
class Dimension {
  constructor(keys, names, documents) {
    this.keys = keys
    this.names = names
    this.documents = documents
  }

  static ofColumn({ values, documents }) {
    const keys = [...values.map(([url]) => keyOf(url)), UNKNOWN]
    const unknown = [values.length]
    return new Dimension(keys, [...values.map(([, name]) => name), null], documents.map((own) => (own.length ? own : unknown)))
  }

  static ofValues(values) {
    const keys = [...new Set(values.filter((value) => value !== null).map(String))]
    const places = new Map(keys.map((key, place) => [key, [place]]))
    return new Dimension([...keys, UNKNOWN], [...keys.map(() => null), null], values.map((value) => places.get(String(value)) ?? [keys.length]))
  }

  /* The authorities of clusters: the part of a cluster's key before its last. */
  static ofAuthorities(clusters) {
    const told = (place) => clusters.names[place]?.includes(" – ") && clusters.keys[place].includes("/")
    const of = clusters.keys.map((key, place) => (told(place) ? key.slice(0, key.lastIndexOf("/")) : UNKNOWN))
    const keys = [...new Set(of.filter((key) => key !== UNKNOWN)), UNKNOWN]
    const names = keys.map((key) => clusters.names[of.indexOf(key)]?.split(" – ").at(-1) ?? null)
    names[keys.length - 1] = null
    const place = of.map((key) => keys.indexOf(key))
    return new Dimension(keys, names, clusters.documents.map((own) => [...new Set(own.map((one) => place[one]))]))
  }
}

export class Facets {
  constructor(columns) {
    const cum = Dimension.ofColumn(columns.clusters)
    this.days = columns.days
    this.dimensions = {
      nam: Dimension.ofValues(columns.years),
      coquan: Dimension.ofAuthorities(cum),
      cum,
      loai: Dimension.ofValues(columns.kinds),
      nguon: Dimension.ofColumn(columns.sources),
    }
  }

  addNames(names) {
    this.dimensions.donvi ??= Dimension.ofColumn(names.units)
    this.dimensions.nguoi ??= Dimension.ofColumn(names.people)
  }

  /* The keys of values whose name, or key, has the words of `text` side by side. */
  #named(dimension, text, tokens) {
    const asked = tokens.words(text).map(([term, form]) => ({ term, form }))
    const has = (words) => words.some((_, at) => asked.every((word, i) => words[at + i]?.[0] === word.term && tokens.fits(words[at + i][1], word)))
    return dimension.keys.filter((key, place) => {
      const name = dimension.names[place]
      return (name && has(tokens.words(name))) || has(tokens.words(key))
    })
  }

  /*
   * What is chosen, as one test a dimension: {dimension: Set of places}, and `range`, [first, last] day. `chosen` has
   * keys from the page, `fields` the values typed into the query.
   */
  constraints(chosen, fields, tokens) {
    const sets = {}
    for (const [name, dimension] of Object.entries(this.dimensions)) {
      const typed = fields[name] ?? []
      const picked = chosen[name] ?? []
      if (!typed.length && !picked.length) continue
      const keys = new Set([...picked, ...typed.flatMap((text) => (name === "nam" ? [text] : this.#named(dimension, text, tokens)))])
      sets[name] = new Set(dimension.keys.flatMap((key, place) => (keys.has(key) ? [place] : [])))
    }
    const from = [chosen.tu, fields.tu].filter(Boolean).sort().at(-1)
    const to = [chosen.den, fields.den].filter(Boolean).sort()[0]
    return { sets, range: from || to ? [from ? firstDay(from) : -Infinity, to ? firstDay(to, 1) - 1 : Infinity] : null }
  }

  #inRange(document, range) {
    const day = this.days[document]
    return !range || (day !== null && day >= range[0] && day <= range[1])
  }

  /* A test of documents. */
  passes({ sets, range }) {
    const tests = Object.entries(sets).map(([name, places]) => [this.dimensions[name].documents, places])
    return (document) =>
      this.#inRange(document, range) && tests.every(([documents, places]) => documents[document].some((one) => places.has(one)))
  }

  /*
   * How many of `documents` there are under each value, given what is chosen elsewhere:
   * {dimension: [{key, name, count, chosen}]}, and `months` [["2020-01", count]] by what is chosen but the range.
   */
  counts(documents, { sets, range }) {
    const names = Object.keys(this.dimensions)
    const counted = names.map((name) => new Uint32Array(this.dimensions[name].keys.length))
    const tests = names.map((name) => sets[name])
    const byYear = new Map()
    for (const document of documents) {
      const inRange = this.#inRange(document, range)
      let failed = -1
      let fails = inRange ? 0 : 1
      for (let i = 0; i < names.length && fails < 2; i++) {
        if (tests[i] && !this.dimensions[names[i]].documents[document].some((one) => tests[i].has(one))) {
          fails++
          failed = i
        }
      }
      if (fails === 0) {
        for (let i = 0; i < names.length; i++) {
          for (const one of this.dimensions[names[i]].documents[document]) counted[i][one]++
        }
      } else if (fails === 1 && failed >= 0) {
        for (const one of this.dimensions[names[failed]].documents[document]) counted[failed][one]++
      }
      const day = this.days[document]
      if (day !== null && (fails === 0 || (fails === 1 && failed < 0))) {
        const year = new Date(EPOCH + day * DAY).getUTCFullYear()
        byYear.set(year, (byYear.get(year) ?? 0) + 1)
      }
    }
    const found = {}
    names.forEach((name, i) => {
      const dimension = this.dimensions[name]
      found[name] = dimension.keys
        .map((key, place) => ({ key, name: dimension.names[place], count: counted[i][place], chosen: Boolean(tests[i]?.has(place)) }))
        .filter(({ count, chosen }) => count || chosen)
        .sort((one, other) => Number(one.key === UNKNOWN) - Number(other.key === UNKNOWN) || (name === "nam" ? (one.key < other.key ? 1 : -1) : other.count - one.count || (one.key < other.key ? -1 : 1)))
    })
    return { values: found, timeline: [...byYear].sort(([one], [other]) => one - other) }
  }
}

/* The first day of a month "2020-01", or of the one `later`, as the index counts days. */
function firstDay(month, later = 0) {
  const [year, number] = month.split("-").map(Number)
  return (Date.UTC(year, number - 1 + later, 1) - EPOCH) / DAY
}
