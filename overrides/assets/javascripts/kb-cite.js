/*
 * Copies a citation. The buttons stand hidden in kb-cite.html and are shown here, where the browser lets a page copy;
 * all words for the reader stand there too.
 */

const box = document.querySelector("[data-kb-copied]")
const said = document.querySelector("[data-kb-copy-said]")

for (const button of navigator.clipboard ? (box?.querySelectorAll("[data-kb-copy]") ?? []) : []) {
  const words = button.closest("div").querySelector("dd")
  const label = button.textContent
  button.setAttribute("aria-label", `${label}: ${button.parentElement.firstChild.textContent.trim()}`)
  button.hidden = false
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words.textContent.trim())
    } catch {
      getSelection().selectAllChildren(words)
      return
    }
    button.textContent = said.textContent = box.dataset.kbCopied
    setTimeout(() => {
      button.textContent = label
      said.textContent = ""
    }, 2000)
  })
}
