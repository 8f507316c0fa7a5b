/*
 * What an archive in a folder of its own needs that hosts have: pages opened as files may load scripts, but no modules,
 * no workers and no data. So the site's modules stand here as functions, a worker's work is done in the page, and what
 * would be fetched, NAME, is asked of the script NAME.js, which hands it to khoBao.file().
 */

function offline(modules) {
  const base = new URL(".", document.currentScript.src)
  const site = new URL("../../", base)
  const made = new Map()
  const files = new Map()
  const takers = new Map()

  const name = (url) => new URL(url, base).href.slice(base.href.length)

  function run(module, exports, { addEventListener, postMessage }) {
    const own = new URL(module, base).href
    const need = (other) => required(name(new URL(other, own)))
    const load = async (other) => need(other)
    modules[module](need, load, own, exports, Channel, fetched, addEventListener, postMessage)
    return exports
  }

  function required(module) {
    if (!made.has(module)) {
      const exports = {}
      made.set(module, exports)
      const { addEventListener, postMessage } = globalThis
      run(module, exports, { addEventListener, postMessage })
    }
    return made.get(module)
  }

  /* In place of Worker: one end of a channel; the worker's module has the other. */
  class Channel {
    constructor(url) {
      const { port1, port2 } = new MessageChannel()
      const addEventListener = port2.addEventListener.bind(port2)
      run(name(url), {}, { addEventListener, postMessage: port2.postMessage.bind(port2) })
      port1.start()
      port2.start()
      return port1
    }
  }

  /* In place of fetch: the file, or 404. */
  async function fetched(url) {
    let path = decodeURI(new URL(url).href.split(/[?#]/)[0].slice(site.href.length))
    if (!path || path.endsWith("/")) path += "index.html"
    if (!files.has(path)) files.set(path, asked(path))
    const body = await files.get(path)
    if (body === null) files.delete(path)
    return new Response(body, { status: body === null ? 404 : 200 })
  }

  function asked(path) {
    return new Promise((done) => {
      const script = document.createElement("script")
      script.src = new URL(encodeURI(`${path}.js`), site)
      takers.set(path, done)
      script.onload = script.onerror = () => {
        script.remove()
        takers.delete(path)
        done(null)
      }
      document.head.append(script)
    })
  }

  function file(path, { text, bytes }) {
    takers.get(path)?.(text ?? Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0)))
  }

  /* Links made by scripts lead to folders; without a host, to the page in them. */
  function direct({ target }) {
    const link = target.closest?.("a[href]")
    if (link?.protocol === site.protocol && link.pathname.endsWith("/")) link.pathname += "index.html"
  }
  for (const event of ["click", "auxclick", "contextmenu", "focusin", "pointerover"]) addEventListener(event, direct, true)

  return { file, start: required }
}
