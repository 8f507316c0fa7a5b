/*
 * Light or dark: as the reader chose, else as the system is, also when that changes. This is loaded before anything is
 * drawn, so that nobody sees the other colours first. The choice is kept as Material keeps it, below the site's own
 * path; the four __md_ names are those that Material's script asks for. The switch stands in partials/palette.html.
 */

globalThis.__md_scope = new URL("../../", document.currentScript.src)
globalThis.__md_hash = (text) => [...text].reduce((hash, letter) => (hash << 5) - hash + letter.charCodeAt(0), 0)
globalThis.__md_get = (name, store, scope = __md_scope) => {
  try {
    return JSON.parse((store ?? localStorage).getItem(`${scope.pathname}.${name}`))
  } catch {
    return null
  }
}
globalThis.__md_set = (name, value, store, scope = __md_scope) => {
  try {
    ;(store ?? localStorage).setItem(`${scope.pathname}.${name}`, JSON.stringify(value))
  } catch {
    // No place to keep it: the choice holds for this page.
  }
}

{
  const NAME = "__palette"
  const SCHEMES = ["default", "slate"]
  const system = matchMedia("(prefers-color-scheme: dark)")
  const stored = __md_get(NAME)?.color?.scheme
  let chosen = SCHEMES.includes(stored) ? stored : null

  const [canvas, bar] = ["color-scheme", "theme-color"].map((name) => {
    const meta = document.createElement("meta")
    meta.name = name
    document.head.append(meta)
    return meta
  })

  const show = () => {
    const scheme = chosen ?? SCHEMES[Number(system.matches)]
    canvas.content = scheme === "slate" ? "dark" : "light"
    document.body.dataset.mdColorScheme = scheme
    for (const input of document.getElementsByName(NAME)) {
      input.checked = input.value === scheme
      input.nextElementSibling?.toggleAttribute("hidden", !input.checked) // the label may not have come yet
    }
    bar.content = getComputedStyle(document.body).backgroundColor
  }

  document.addEventListener("change", ({ target }) => {
    if (target.name !== NAME) return
    chosen = target.value
    __md_set(NAME, { index: SCHEMES.indexOf(chosen), color: { scheme: chosen } })
    show()
  })
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Enter" || target.name !== NAME) return
    const other = [...document.getElementsByName(NAME)].find((input) => !input.checked)
    other.click()
    other.focus()
  })

  document.documentElement.classList.replace("no-js", "js")
  new MutationObserver((_, observer) => {
    if (!document.body) return
    observer.disconnect()
    show()
  }).observe(document.documentElement, { childList: true })
  document.addEventListener("DOMContentLoaded", () => {
    show()
    system.addEventListener("change", show)
  })
}
