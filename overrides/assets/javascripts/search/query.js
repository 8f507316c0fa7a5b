/*
 * What a query asks for. Words that follow one another make a run, in which neighbours count; quotes make a phrase,
 * whose neighbours are demanded; a minus takes out; fields narrow. Any other sign is a space.
 */

export const MAX_QUERY = 10_000
export const MAX_WORDS = 32

const PART = /(?<minus>(?<![^\s(])[-−–](?=["“”„«\p{L}\p{N}]))?(?:(?:(?<field>[\p{L}\p{M}]{2,7}):(?=\S))?["“”„«](?<quoted>[^"“”„»]*)["“”„»]?|(?:(?<name>[\p{L}\p{M}]{2,7}):)?(?<bare>[^\s"“”„«»]+))/gu
const UNFINISHED = /[\p{L}\p{N}\p{M}]$/u
const WHOLE_NUMBER = /^[0-9]{1,2}$/
const MONTH = /^(\d{4})(?:-(\d{1,2}))?$/

export const FIELDS = ["nam", "cum", "nguon", "loai", "nguoi", "donvi", "tu", "den"]
export const NAMED = ["donvi", "nguoi"]
/* The fields whose columns are fetched only when they are asked for. */

/* A month as "2020-01", a year alone as its first or last; null when it is neither. */
export function month(text, last = false) {
  const found = MONTH.exec(text.trim())
  if (!found) return null
  const [, year, given] = found
  const number = given ? Number(given) : last ? 12 : 1
  return number >= 1 && number <= 12 ? `${year}-${String(number).padStart(2, "0")}` : null
}

/* A field's value as it is meant, or null when it cannot be: then its letters are words like any others. */
function value(field, text, tokens) {
  if (field === "tu" || field === "den") return month(text, field === "den")
  if (field === "nam") return /^\d{4}$/.test(text.trim()) ? text.trim() : null
  return tokens.words(text).length ? text : null
}

/*
 * Read a query: {
 *   runs: [{words: [{term, form, open}], phrase}]   in their order; a phrase has at least one word
 *   without: [[word, …]]                            words, or neighbours, that must not stand there
 *   fields: {nam: [...], …, tu, den}                values as typed
 *   typed                                           whether anything but white space was typed
 * }. `typing`: the last word, when no space follows, is a beginning.
 */
export function parse(query, tokens, typing = true) {
  const text = String(query).slice(0, MAX_QUERY)
  const asked = { runs: [], without: [], fields: {}, typed: text.trim() !== "" }
  let room = MAX_WORDS
  let joined = false
  const words = (part) => {
    const found = tokens.words(part).slice(0, room).map(([term, form]) => ({ term, form, open: false }))
    room -= found.length
    return found
  }
  for (const { groups, 0: whole, index } of text.matchAll(PART)) {
    if (room <= 0) break
    const name = groups.field ?? groups.name
    const field = name && tokens.fold(name.toLowerCase().normalize("NFC"))
    const content = groups.quoted ?? groups.bare
    if (!groups.minus && FIELDS.includes(field)) {
      const meant = value(field, content, tokens)
      if (meant !== null) {
        if (field === "tu" || field === "den") asked.fields[field] = meant
        else (asked.fields[field] ??= []).push(meant)
        joined = false
        continue
      }
    }
    const found = words(name ? `${name}:${content}` : content)
    if (!found.length) continue
    if (groups.minus) {
      asked.without.push(found)
      joined = false
    } else if (groups.quoted !== undefined) {
      asked.runs.push({ words: found, phrase: true })
      joined = false
    } else {
      if (joined) asked.runs.at(-1).words.push(...found)
      else asked.runs.push({ words: found, phrase: false })
      joined = true
      const last = found.at(-1)
      const ends = index + whole.length === text.length && room > 0 && UNFINISHED.test(text)
      // A short number is whole: "số 1" does not ask for 11 or 2015.
      if (typing && ends && !WHOLE_NUMBER.test(last.term)) last.open = true
    }
  }
  return asked
}

/* The words asked for, each once, in order; one that is open somewhere is open. */
export function wordsOf(asked) {
  const found = new Map()
  for (const word of asked.runs.flatMap(({ words }) => words)) {
    const key = `${word.term} ${word.form}`
    const known = found.get(key)
    if (!known || word.open) found.set(key, word)
  }
  return [...found.values()]
}

/* The neighbours asked for, each once: [{first, second, demanded}]. */
export function pairsOf(asked) {
  const found = new Map()
  for (const { words, phrase } of asked.runs) {
    for (let i = 1; i < words.length; i++) {
      const [first, second] = [words[i - 1], words[i]]
      const key = `${first.term} ${first.form} ${second.term} ${second.form} ${second.open}`
      const known = found.get(key)
      if (known) known.demanded ||= phrase
      else found.set(key, { first, second, demanded: phrase })
    }
  }
  return [...found.values()]
}
