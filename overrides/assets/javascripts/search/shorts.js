/* Short forms and long ones: which of them a query has, for the page to say that the others are found too. */

export class Shorts {
  constructor(known, tokens) {
    this.tokens = tokens
    const words = (text) => tokens.words(text).map(([term, form]) => ({ term, form, open: false }))
    this.sides = Object.entries(known)
      .flatMap(([short, long]) => [
        { typed: short, also: long, words: words(short), other: words(long) },
        { typed: long, also: short, words: words(long), other: words(short) },
      ])
      .filter((side) => side.words.length && side.other.length)
      .sort((one, other) => other.words.length - one.words.length)
  }

  /* Those in a query, each place once, the longest first: [{typed, also, other}]. */
  within(asked) {
    const found = new Map()
    for (const { words } of asked.runs) {
      const taken = new Set()
      for (const side of this.sides) {
        for (let at = 0; at + side.words.length <= words.length; at++) {
          const here = side.words.map((_, i) => at + i)
          const same = side.words.every((word, i) => {
            const typed = words[at + i]
            return typed.term === word.term && (typed.form === 0 || this.tokens.fits(word.form, typed))
          })
          if (!same || here.some((place) => taken.has(place))) continue
          here.forEach((place) => taken.add(place))
          found.set(side.typed, { typed: side.typed, also: side.also, other: side.other })
        }
      }
    }
    return [...found.values()]
  }
}
