/*
 * The engine in a worker. Asked {seq, base, question} or {seq, from}; answers {seq, answer, hits, table}, {seq, from,
 * hits} or {seq, fault}. An answer to an older question is never sent.
 */

import { Engine, PAGE, Stale } from "./engine.js"
import { fetcher, Index, IndexFault } from "./index.js"

const FIRST = 2
/* Results sent before the rest of the page: each may need a file of its own. */
const OTHERS_MS = 40
/* The others' files are asked for when the first results have been shown. */
const channel = new MessageChannel()
const turns = []
channel.port1.onmessage = () => turns.shift()()

/* Let messages in: a newer question makes this one stale. */
function pause(milliseconds) {
  return new Promise((done) => {
    if (milliseconds) {
      setTimeout(done, milliseconds)
      return
    }
    turns.push(done)
    channel.port2.postMessage(null)
  })
}

let engine = null
let latest = 0
let documents = new Int32Array(0)

/* Send an answer; what comes back is done when its first results are sent, and holds the sending of the others. */
async function send(seq, answer) {
  documents = answer.documents
  const { documents: _, ...rest } = answer
  const hits = await engine.cards([...documents.slice(0, FIRST)])
  if (seq !== latest || documents !== answer.documents) return
  postMessage({ seq, answer: rest, hits, table: engine.manifest.table })
  return { others: sendMore(seq, FIRST, PAGE) }
}

async function sendMore(seq, from, to) {
  const wanted = documents
  if (from >= wanted.length) return
  const asked = [...wanted.slice(from, to)]
  if (!engine.index.hasCards(asked)) await pause(OTHERS_MS)
  if (seq !== latest || wanted !== documents) return
  const hits = await engine.cards(asked)
  if (seq === latest && wanted === documents) postMessage({ seq, from, hits })
}

function fault(seq, error) {
  if (error instanceof Stale || seq !== latest) return
  postMessage({ seq, fault: error instanceof IndexFault ? error.kind : "broken" })
}

async function ask(seq, base, question) {
  latest = seq
  engine ??= new Engine(new Index(fetcher(base)))
  const sending = []
  let last = Promise.resolve()
  const publish = (answer) => {
    last = last.then(async () => {
      if (seq !== latest) return
      const { others } = (await send(seq, answer)) ?? {}
      others?.catch(() => undefined)
      sending.push(others)
    })
    last.catch(() => undefined)
    return last
  }
  try {
    await engine.search(question, publish, () => seq !== latest, pause)
    await last
    await Promise.all(sending)
  } catch (error) {
    fault(seq, error)
  }
}

addEventListener("message", ({ data: { seq, base, question, from } }) => {
  if (question) ask(seq, base, question)
  else sendMore(seq, from, from + PAGE).catch((error) => fault(seq, error))
})
