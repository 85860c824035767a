import type { PairingOffer, PairingView } from '#shared/protocol/access.ts'
import { renderSVG } from 'uqr'
import { unreachable } from '#shared/lib/unreachable.ts'
import { Html, html } from './html.ts'

/** The login of the person who requests a page, and the edge to which devices are added. */
export interface Setting { login: string, edge: string }

const NEW_CODE = html`
<form method="post" action="/pairings"><button class="primary">Make a code</button></form>`

export function startPage(setting: Setting): Html {
  return page(setting, { title: 'Add a device', state: '' }, html`
<p>This adds a phone, a tablet or a computer to the mainloop at <strong>${setting.edge}</strong>.</p>${NEW_CODE}`)
}

/** The page of an invitation in its present state; it reloads by itself when the state changes. */
export function invitationPage(setting: Setting, { id, code, short }: PairingOffer, view: PairingView): Html {
  const answer = (accept: 'yes' | 'no', label: string, kind: string) =>
    html` <form method="post" action="/pairings/${id}/answer">
      <button name="accept" value="${accept}" class="${kind}">${label}</button>
    </form>`
  const link = `${setting.edge}/#pair=${code}`
  switch (view.state) {
    case 'open':
      return page(
        setting,
        { title: 'Scan the code', state: view.state },
        html` <p>
            Scan this with the new device, open the link there, or type the code into ${setting.edge}. It is good for
            ten minutes and one device.
          </p>
          <figure role="img" aria-label="QR code of the link">${new Html(renderSVG(link, { border: 2 }))}</figure>
          <p><a href="${link}" data-link>${link}</a></p>
          <p class="big"><code data-code>${short}</code></p>
          <p role="status">Waiting for the other device …</p>
          <noscript><p>Reload this page when the other device shows three words.</p></noscript
          >${answer('no', 'Cancel', 'plain')}`,
      )
    case 'claimed':
      return page(setting, { title: 'Compare the words', state: view.state }, html`
<p><strong>${view.name}</strong> wants to come in. Does it show these words?</p>
<p class="big" data-phrase>${view.phrase}</p>${answer('yes', 'Yes, add it', 'primary')}${answer('no', 'No', 'danger')}`)
    case 'accepted':
      return page(setting, { title: 'Almost there', state: view.state }, html`
<p role="status">It comes in as soon as somebody there has said that the words are the same.</p>`)
    case 'over':
      return endPage(setting)
    default:
      return unreachable(view)
  }
}

export function endPage(setting: Setting): Html {
  return page(
    setting,
    { title: 'This code is over', state: '' },
    html` <p>
        It was used or turned away, or its ten minutes are up. If the other device shows mainloop, it is paired.
      </p>
      ${NEW_CODE}`,
  )
}

export function problemPage(setting: Setting, problem: string): Html {
  return page(setting, { title: 'That did not work', state: '' }, html`
<p role="alert">${problem}</p>${NEW_CODE}`)
}

function page({ login }: Setting, { title, state }: { title: string, state: string }, content: Html): Html {
  return html`<!doctype html>
<html lang="en" data-state="${state}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · mainloop</title>
<link rel="stylesheet" href="/style.css">
<script src="/watch.js" defer></script>
<main>
<h1>${title}</h1>
<p class="who">You are <strong>${login}</strong> on this tailnet.</p>
${content}
</main>
`
}
