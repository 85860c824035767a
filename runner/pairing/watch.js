/* Reloads the page when the state of its invitation changes. Browsers run this file as it is. */
const { state } = document.documentElement.dataset

async function poll() {
  const answer = await fetch(`${location.pathname}/state`).catch(() => null)
  const current = answer?.ok ? await answer.text() : state
  if (current === state)
    setTimeout(poll, 1500)
  else
    location.reload()
}

if (state)
  setTimeout(poll, 1500)
