/*
 * Short forms and long ones, older names of units and newer ones: which of them a query has, for the page to say that
 * the others are found too.
 */

/* Both ways: [[name, other]]. */
const bothWays = (pairs) => pairs.flatMap(([one, other]) => [[one, other], [other, one]])

export class Shorts {
  /* `short` and `former` as the manifest has them. */
  constructor({ short, former }, tokens) {
    this.tokens = tokens
    const words = (text) => tokens.words(text).map(([term, form]) => ({ term, form, open: false }))
    const side = (typed, also, as = typed) => ({ typed, also, words: words(as), other: words(also) })
    const { heads = [], kinds = [], places = [], bodies = [] } = former ?? {}
    const bare = (place) => kinds.filter((kind) => place.startsWith(`${kind} `)).map((kind) => place.slice(kind.length + 1))
    const called = (place) => [place, ...bare(place)]
    const units = heads.flatMap((head) => bothWays(places).flatMap(([one, other]) => called(one).map((place) => side(`${head} ${one}`, `${head} ${other}`, `${head} ${place}`))))
    const longestFirst = (sides) =>
      sides.filter((one) => one.words.length && one.other.length).sort((one, other) => other.words.length - one.words.length)
    this.shorts = longestFirst(bothWays(Object.entries(short)).map(([one, other]) => side(one, other)))
    this.units = longestFirst([...bothWays(bodies).map(([one, other]) => side(one, other)), ...units])
  }

  /* Those in a query, each place once, the longest first; of a unit all other names: [{typed, also, other}]. */
  within(asked) {
    const found = new Map()
    for (const { words } of asked.runs) {
      for (const [sides, several] of [[this.shorts, false], [this.units, true]]) {
        for (const side of this.#in(words, sides, several)) {
          found.set(`${side.typed} ${side.also}`, { typed: side.typed, also: side.also, other: side.other })
        }
      }
    }
    return [...found.values()]
  }

  /* The sides that stand among words; `several`: one place may have more than one. */
  #in(words, sides, several) {
    const taken = new Map()
    const found = []
    for (const side of sides) {
      for (let at = 0; at + side.words.length <= words.length; at++) {
        const here = side.words.map((_, i) => at + i)
        const of = here.join()
        if (here.some((place) => taken.has(place) && !(several && taken.get(place) === of))) continue
        const same = side.words.every((word, i) => {
          const typed = words[at + i]
          return typed.term === word.term && (typed.form === 0 || this.tokens.fits(word.form, typed))
        })
        if (!same) continue
        here.forEach((place) => taken.set(place, of))
        found.push(side)
      }
    }
    return found
  }
}
