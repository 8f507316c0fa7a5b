/* On an article's page, reached from a search: what lights the words of `?tim=` is fetched only then. */

if (new URLSearchParams(location.search).get("tim")) import("./search/found.js").catch(() => undefined)
