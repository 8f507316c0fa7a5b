/* Documents that match something, with what each is worth, and how such lists are put together. */

export class Matches {
  constructor(documents, scores) {
    this.documents = documents
    this.scores = scores
  }

  get size() {
    return this.documents.length
  }
}

export const NONE = new Matches(new Int32Array(0), new Float64Array(0))

/* Room for one number a document, empty between two uses. */
export class Desk {
  constructor(documents, weights) {
    this.count = documents
    this.weights = weights
    this.sums = new Float64Array(documents)
  }

  /* Everything that entries hold, times how rare it is together; `parts` is [[entry, factor]]. */
  gather(parts) {
    if (!parts.length) return NONE
    const { sums, weights, count } = this
    const found = []
    for (const [entry, factor] of parts) {
      entry.shard.read(entry, (document, stored) => {
        if (document >= count) throw new RangeError("a document that is none")
        if (sums[document] === 0) found.push(document)
        sums[document] += weights[stored] * factor
      })
    }
    const documents = Int32Array.from(found)
    if (parts.length > 1) documents.sort()
    const rarity = Math.log(1 + (count - documents.length + 0.5) / (documents.length + 0.5))
    const scores = Float64Array.from(documents, (document) => sums[document] * rarity)
    for (const document of documents) sums[document] = 0
    return new Matches(documents, scores)
  }

  /* Documents of all lists, with the sum of their scores. */
  all(lists) {
    if (lists.length === 1) return lists[0]
    const [least, ...others] = [...lists].sort((one, other) => one.size - other.size)
    if (!least?.size) return NONE
    let documents = least.documents
    let scores = least.scores
    for (const { documents: with_, scores: worth } of others) {
      const kept = []
      const sums = []
      for (let i = 0, j = 0; i < documents.length && j < with_.length; ) {
        if (documents[i] < with_[j]) i++
        else if (documents[i] > with_[j]) j++
        else {
          kept.push(documents[i])
          sums.push(scores[i++] + worth[j++])
        }
      }
      documents = kept
      scores = sums
    }
    return new Matches(Int32Array.from(documents), Float64Array.from(scores))
  }

  /* Documents of any list, with the sum of their scores, and `each` for every one more list that has it. */
  any(lists, each = 0) {
    const { sums } = this
    const found = []
    for (const { documents, scores } of lists) {
      for (let i = 0; i < documents.length; i++) {
        if (sums[documents[i]] === 0) found.push(documents[i])
        sums[documents[i]] += scores[i] + each
      }
    }
    const documents = Int32Array.from(found).sort()
    const scores = Float64Array.from(documents, (document) => sums[document])
    for (const document of documents) sums[document] = 0
    return new Matches(documents, scores)
  }

  /* A list whose documents also get what they are worth in others, where they are there; none is added. */
  more(list, others) {
    const { sums } = this
    for (const { documents, scores } of others) {
      for (let i = 0; i < documents.length; i++) sums[documents[i]] += scores[i]
    }
    const scores = list.scores.map((score, i) => score + sums[list.documents[i]])
    for (const { documents } of others) for (const document of documents) sums[document] = 0
    return new Matches(list.documents, scores)
  }
}

/* A list without the documents of others. */
export function without(list, others) {
  if (!others.some(({ size }) => size)) return list
  const gone = new Set(others.flatMap(({ documents }) => [...documents]))
  return only(list, (document) => !gone.has(document))
}

/* A list of the documents that pass a test. */
export function only(list, passes) {
  const places = []
  list.documents.forEach((document, i) => passes(document) && places.push(i))
  if (places.length === list.size) return list
  return new Matches(Int32Array.from(places, (i) => list.documents[i]), Float64Array.from(places, (i) => list.scores[i]))
}
