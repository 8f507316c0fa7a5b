/* What may have been meant by a word that no document has: one letter changed, missing, added, or two swapped. */

import { cased, marked } from "./accents.js"

const CANDIDATES = 5

/* Whether two different words are one slip apart. */
export function slip(one, other) {
  if (Math.abs(one.length - other.length) > 1) return false
  let start = 0
  while (start < one.length && one[start] === other[start]) start++
  let [end, otherEnd] = [one.length, other.length]
  while (end > start && otherEnd > start && one[end - 1] === other[otherEnd - 1]) {
    end--
    otherEnd--
  }
  const [left, right] = [one.slice(start, end), other.slice(start, otherEnd)]
  return (left.length <= 1 && right.length <= 1) || (left.length === 2 && right === left[1] + left[0])
}

/*
 * The query with each word that is nowhere in the index replaced by the likeliest, and words typed without marks written
 * as the archive mostly writes them; null when there is none.
 */
export async function corrected(query, missing, asked, index) {
  if (!missing.length) return null
  const vocabulary = await index.vocabulary()
  const instead = new Map()
  for (const { term } of missing) {
    if (term.length < 2 || instead.has(term)) continue
    const near = vocabulary.filter(([word]) => slip(term, word)).sort(([, many], [, fewer]) => fewer - many)
    const best = await likeliest(term, near.slice(0, CANDIDATES).map(([word]) => word), asked, index)
    if (best) instead.set(term, best)
  }
  if (!instead.size) return null
  const wanted = new Set(asked.runs.flatMap(({ words }) => words.map(({ term }) => term)))
  const spans = index.tokens.spans(query).map((span) => ({ ...span, term: instead.get(span.term) ?? span.term, slipped: instead.has(span.term) }))
  const written = await marked(spans.map(({ slipped, ...span }) => (slipped ? { ...span, form: 0 } : span)), index)
  let text = ""
  let at = 0
  spans.forEach(({ start, end, slipped, form, term }, i) => {
    const field = query[end] === ":" || !(slipped || wanted.has(term))
    if (field || (!slipped && form)) return
    text += query.slice(at, start) + cased(written[i], query.slice(start, end))
    at = end
  })
  return text + query.slice(at)
}

/* The candidate that stands most often beside the query's neighbours, else the commonest. */
async function likeliest(term, candidates, asked, index) {
  let [best, most] = [candidates[0], 0]
  for (const { words } of asked.runs) {
    const place = words.findIndex((word) => word.term === term)
    if (place < 0) continue
    for (const candidate of candidates) {
      const pairs = [
        words[place - 1] && `${words[place - 1].term} ${candidate}`,
        words[place + 1] && `${candidate} ${words[place + 1].term}`,
      ].filter(Boolean)
      const entries = (await Promise.all(pairs.map((pair) => index.entries("pairs", pair)))).flat()
      const many = entries.reduce((sum, { count }) => sum + count, 0)
      if (many > most) [best, most] = [candidate, many]
    }
  }
  return best
}
