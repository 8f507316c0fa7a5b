/*
 * Words as search compares them, and one number for how each is written: the browser's half of
 * build_tools/search/tokens.py. Both read the same table (here: `table` of the index's manifest), and
 * tests/cases/folding.yaml drives both.
 */

const RUN = /[\p{L}\p{N}\p{M}\p{Cf}]+/gu
const INVISIBLE = /\p{Cf}/gu
const ASCII = /^[\x00-\x7f]*$/
const NUMBER = /^[0-9]+$/
const MARK = /[\u0300-\u036f]/
const SENTENCE_END = /^[.!?…;:]+\s/
const ENDS_IN_LETTERS = /\p{L}{3}$/u

/* Whether a mark combines, as Unicode's classes say: one that does changes places with U+0345, the last of all. */
const combining = new Map()
function combines(character) {
  let known = combining.get(character)
  if (known === undefined) {
    known = character === "\u0345" || `a\u0345${character}`.normalize("NFD") !== `a\u0345${character}`
    combining.set(character, known)
  }
  return known
}

/* Python's casefold, for the letters whose lower case is not yet their folded one. */
function casefold(word) {
  return word.replace(/[ßςſŉǰﬀ-ﬆﬓ-ﬗ]/gu, (letter) => letter.toUpperCase().toLowerCase())
}

export class Tokens {
  constructor(table) {
    this.tones = table.tones
    this.qualities = table.qualities
    this.stroke = table.stroke
    this.other = table.other_form
    this.longest = table.longest_word
    this.known = new Map()
  }

  /* `word` (lower case, composed) without marks. */
  fold(word) {
    if (ASCII.test(word)) return word
    const decomposed = casefold(word.replaceAll("đ", "d")).normalize("NFD")
    return Array.from(decomposed).filter((character) => !combines(character)).join("").normalize("NFC")
  }

  /* How a letter's marks count: [how many ways it has, the one it has by its stroke]. */
  letter(character) {
    const stroked = character === this.stroke.with
    const ways = stroked || character === this.stroke.letter
      ? 2
      : Object.keys(this.qualities[character] ?? {}).length + 1
    return [ways, stroked ? 1 : 0]
  }

  /* A written word taken apart: {tone, letters: [[ways, the one it has]]}, or null when its marks are others. */
  apart(word) {
    let tone = 0
    let before = ""
    const letters = []
    for (const character of word.normalize("NFD")) {
      if (Object.hasOwn(this.tones, character)) {
        if (tone) return null
        tone = this.tones[character]
      } else if (MARK.test(character)) {
        const value = Object.hasOwn(this.qualities, before) ? this.qualities[before][character] : undefined
        if (value === undefined) return null
        letters.at(-1)[1] += value
      } else {
        before = character
        letters.push(this.letter(character))
      }
    }
    return { tone, letters }
  }

  /* How `word` (lower case) is written: 0 without marks, else tone and qualities in one number. */
  form(word) {
    if (ASCII.test(word)) return 0
    const found = this.apart(word)
    if (!found) return this.other
    let scale = 1
    let code = found.tone
    for (const [ways, value] of found.letters) {
      code += 6 * value * scale
      scale *= ways
    }
    return code < this.other ? code : this.other
  }

  /* A lower-case word's {term, form}; a number has no leading zeros. */
  normal(word) {
    let found = this.known.get(word)
    if (!found) {
      const cut = word.length > this.longest ? Array.from(word).slice(0, this.longest).join("") : word
      found = NUMBER.test(cut)
        ? { term: cut.replace(/^0+(?=.)/, ""), form: 0 }
        : { term: this.fold(cut), form: this.form(cut) }
      if (this.known.size > 50_000) this.known.clear()
      this.known.set(word, found)
    }
    return found
  }

  /*
   * The words of `text` in order, with their places: [{term, form, start, end, next}]; `next` tells that the word
   * is the neighbour of the one before, with no end of a sentence between them.
   */
  spans(text) {
    const found = []
    let end = -1
    let letters = false
    for (const match of text.matchAll(RUN)) {
      const word = match[0].replace(INVISIBLE, "").toLowerCase().normalize("NFC")
      const { term, form } = this.normal(word)
      if (!term) continue
      const next = end >= 0 && !(letters && SENTENCE_END.test(text.slice(end, match.index)))
      end = match.index + match[0].length
      letters = ENDS_IN_LETTERS.test(match[0])
      found.push({ term, form, start: match.index, end, next })
    }
    return found
  }

  /* The words of `text` as [term, form], in order. */
  words(text) {
    return this.spans(text).map(({ term, form }) => [term, form])
  }

  /*
   * Whether a word in one form may be what was typed in another; `open`: the word typed is only the beginning, and
   * its last letter and its tone may still get their marks.
   */
  fits(form, typed, open = false) {
    if (typed === null || typed.form === 0 || form === typed.form) return true
    if (!open || form === this.other || typed.form === this.other) return false
    const tone = typed.form % 6
    if (tone && form % 6 !== tone) return false
    let asked = Math.floor(typed.form / 6)
    let given = Math.floor(form / 6)
    const letters = Array.from(typed.term)
    for (const [place, character] of letters.entries()) {
      const [ways] = this.letter(character)
      const value = asked % ways
      if (given % ways !== value && (value || place < letters.length - 1)) return false
      asked = Math.floor(asked / ways)
      given = Math.floor(given / ways)
    }
    return true
  }
}
