/* Words with their marks: as a form says, and as the archive mostly writes them. */

const VOWELS = "aeiouy"
const MOSTLY = 0.5

/* Letters with the marks that `form` says, in the order of the word; null when it says other ones. */
function lettersOf(term, form, tokens) {
  if (form === tokens.other) return null
  let code = Math.floor(form / 6)
  return Array.from(term, (base) => {
    const [ways] = tokens.letter(base)
    const value = code % ways
    code = Math.floor(code / ways)
    if (base === tokens.stroke.letter) return { base, letter: value ? tokens.stroke.with : base, marked: false }
    const mark = Object.entries(tokens.qualities[base] ?? {}).find(([, one]) => one === value)?.[0] ?? ""
    return { base, letter: base + mark, marked: mark !== "" }
  })
}

/* The place of the vowel that bears the tone ("hòa", "hoàn", "quý", "giờ"), or -1. */
function toneAt(letters) {
  const isVowel = ({ base } = {}) => base !== undefined && VOWELS.includes(base)
  let start = letters.findIndex(isVowel)
  if (start < 0) return -1
  const onset = letters.slice(0, start + 1).map(({ base }) => base).join("")
  if ((onset === "qu" || onset === "gi") && isVowel(letters[start + 1])) start++
  let end = start
  while (isVowel(letters[end])) end++
  const marked = letters.slice(start, end).findLastIndex((one) => one.marked)
  if (marked >= 0) return start + marked
  if (end - start === 1) return start
  return end < letters.length || end - start > 2 ? Math.min(start + 1, end - 1) : start
}

/* How `term` is written in `form`; the term itself when no such writing is known. */
export function written(term, form, tokens) {
  const letters = lettersOf(term, form, tokens)
  const tone = Object.keys(tokens.tones).find((one) => tokens.tones[one] === form % 6) ?? ""
  const at = letters && tone ? toneAt(letters) : -1
  if (!letters || (tone && at < 0)) return term
  const text = letters.map(({ letter }, i) => (i === at ? letter + tone : letter)).join("").normalize("NFC")
  const read = tokens.normal(text)
  return read.term === term && read.form === form ? text : term
}

/* `text` in the capitals of the word it stands for. */
export function cased(text, as) {
  if (as.length > 1 && as === as.toUpperCase() && as !== as.toLowerCase()) return text.toUpperCase()
  const [first] = as
  return first === first.toLowerCase() ? text : text[0].toUpperCase() + text.slice(1)
}

/*
 * The words of spans as the archive mostly writes them beside their neighbours, else at all: a word keeps its letters
 * when no one way of writing it has more than half of the documents.
 */
export async function marked(spans, index) {
  const counts = spans.map(() => new Map())
  const add = (at, form, count) => counts[at].set(form, (counts[at].get(form) ?? 0) + count)
  const fits = (form, { form: typed }) => !typed || form === typed
  for (let i = 1; i < spans.length; i++) {
    if (!spans[i].next) continue
    const [first, second] = [spans[i - 1], spans[i]]
    for (const { form, count } of await index.entries("pairs", `${first.term} ${second.term}`)) {
      if (!fits(form[0], first) || !fits(form[1], second)) continue
      add(i - 1, form[0], count)
      add(i, form[1], count)
    }
  }
  for (const [i, { term }] of spans.entries()) {
    if (counts[i].size) continue
    for (const { form, count } of await index.entries("words", term)) add(i, form[0], count)
  }
  return spans.map(({ term }, i) => {
    const all = [...counts[i]].sort(([, one], [, other]) => other - one)
    const total = all.reduce((sum, [, count]) => sum + count, 0)
    return total && all[0][1] > total * MOSTLY ? written(term, all[0][0], index.tokens) : term
  })
}
