/* Loads the page again when the invitation on it has moved on. Runs in the browser, as it is. */
const { state } = document.documentElement.dataset

async function look() {
  const answer = await fetch(`${location.pathname}/state`).catch(() => null)
  const now = answer?.ok ? await answer.text() : state
  if (now === state)
    setTimeout(look, 1500)
  else
    location.reload()
}

if (state)
  setTimeout(look, 1500)
