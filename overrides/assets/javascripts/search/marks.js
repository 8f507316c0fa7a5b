/* Where the words of an answer stand in a text, and which passage shows them best. Nothing here knows the page. */

const SNIPPET = 260
const BEFORE_HIT = 70
const NEAR = 40

/* The places in `text` of what `marks` (an answer's) lists: [{start, end, word, place, joined}]. */
export function hitsIn(text, marks, tokens) {
  const spans = tokens.spans(text)
  const matches = (span, word) =>
    (span.term === word.term || (word.open && span.term.startsWith(word.term))) && tokens.fits(span.form, word, word.open)
  const hits = new Map()
  spans.forEach((span, place) => {
    const word = marks.words.findIndex((one) => matches(span, one))
    if (word >= 0) hits.set(place, { start: span.start, end: span.end, word, place, joined: false })
  })
  for (const sequence of marks.sequences) {
    for (let at = 0; at + sequence.length <= spans.length; at++) {
      if (!sequence.every((word, i) => spans[at + i].term === word.term && tokens.fits(spans[at + i].form, word))) continue
      sequence.forEach((_, i) => {
        const { start, end } = spans[at + i]
        hits.set(at + i, { start, end, word: hits.get(at + i)?.word ?? 0, place: at + i, joined: true })
      })
    }
  }
  const found = [...hits.values()].sort((one, other) => one.place - other.place)
  found.forEach((hit, i) => {
    const next = found[i + 1]
    const beside = next?.place === hit.place + 1 && spans[next.place].next
    if (beside && marks.pairs.some(([first, second]) => first === hit.word && second === next.word)) {
      hit.joined = next.joined = true
    }
  })
  return found
}

/* Whether the words of a phrase stand side by side in one of the texts. */
export function hasPhrase(texts, phrase, tokens) {
  const fits = (span, word) => span.term === word.term && tokens.fits(span.form, word)
  return texts.some((text) => {
    const spans = tokens.spans(text)
    return spans.some((_, at) => phrase.every((word, i) => spans[at + i] && fits(spans[at + i], word) && (!i || spans[at + i].next)))
  })
}

/* Texts with their hits: [{text, hits}]. A word that stands beside its neighbour somewhere is lit only there. */
export function read(texts, marks, tokens) {
  const all = texts.map((text) => ({ text, hits: hitsIn(text, marks, tokens) }))
  const joined = new Set(all.flatMap(({ hits }) => hits.filter((hit) => hit.joined).map((hit) => hit.word)))
  return all.map(({ text, hits }) => ({ text, hits: hits.filter((hit) => hit.joined || !joined.has(hit.word)) }))
}

/*
 * The passage with the most of what was asked for: {text, hits, cutBefore, cutAfter, others}; `others` counts the
 * other paragraphs that have hits.
 */
export function snippet(paragraphs) {
  let best = { worth: 0, text: paragraphs[0]?.text ?? "", from: 0, hits: [] }
  for (const { text, hits } of paragraphs) {
    hits.forEach((hit, i) => {
      const near = hits.slice(i, i + NEAR).filter(({ end }) => end <= hit.start + SNIPPET - BEFORE_HIT)
      const worth = new Set(near.map(({ word }) => word)).size + near.filter(({ joined }) => joined).length * 0.1
      if (worth > best.worth) best = { worth, text, from: hit.start, hits }
    })
  }
  const { text, hits } = best
  const from = wordEdge(text, Math.max(0, best.from - BEFORE_HIT), best.from)
  const to = from + SNIPPET >= text.length ? text.length : text.lastIndexOf(" ", from + SNIPPET)
  const end = to > from ? to : from + SNIPPET
  const inside = hits.filter((hit) => hit.start >= from && hit.end <= end)
  return {
    text: text.slice(from, end),
    hits: inside.map((hit) => ({ start: hit.start - from, end: hit.end - from })),
    cutBefore: from > 0,
    cutAfter: end < text.length,
    others: paragraphs.filter((one) => one.text !== text && one.hits.length).length,
  }
}

/* The beginning of a word at or after `from`, not past `limit`. */
function wordEdge(text, from, limit) {
  if (from === 0) return 0
  const space = text.indexOf(" ", from - 1)
  return space < 0 || space + 1 > limit ? limit : space + 1
}

/* Hits as stretches; neighbours with nothing but white space between are one. */
export function stretches(text, hits) {
  const found = []
  for (const { start, end } of hits) {
    const last = found.at(-1)
    if (last && /^\s*$/.test(text.slice(last.end, start))) last.end = end
    else found.push({ start, end })
  }
  return found
}
