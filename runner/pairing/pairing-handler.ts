import type { PairingOffer, PairingView } from '#shared/protocol/access.ts'
import type { EdgeApi } from '../edge-api/edge-api.ts'
import type { Html } from './html.ts'
import { EdgeRefusal } from '../edge-api/edge-api.ts'
import { endPage, invitationPage, problemPage, startPage } from './pages.ts'

export interface PairingHandlerDeps {
  api: Pick<EdgeApi, 'offerPairing' | 'readPairing' | 'answerPairing'>
  edge: string
  now: () => number
}

/** A request of a person with an allowed login. */
export interface Request { login: string, method: string, path: string, form: URLSearchParams }

export type Answer
  = | { kind: 'page', status: 200 | 404 | 502, page: Html }
    | { kind: 'text', text: string }
    /** A redirect after a form, so that reloading does not send the form again. */
    | { kind: 'redirect', path: string }
    | { kind: 'file', name: 'style.css' | 'watch.js' }

const OVER: PairingView = { state: 'over' }

/**
 * Creates invitations and shows their state. The edge returns a code only once, so the open ones are kept here, each
 * for the login that created it. The edge limits their number.
 */
export function createPairingHandler({ api, edge, now }: PairingHandlerDeps): (request: Request) => Promise<Answer> {
  const open = new Map<string, { login: string, offer: PairingOffer }>()

  async function offer(login: string): Promise<Answer> {
    for (const [id, { offer }] of open) {
      if (offer.expiresAt <= now())
        open.delete(id)
    }
    const created = await api.offerPairing()
    open.set(created.id, { login, offer: created })
    return { kind: 'redirect', path: `/pairings/${created.id}` }
  }

  async function answer({ login, method, path, form }: Request): Promise<Answer> {
    const [, place = '', id = '', verb = '', ...more] = path.split('/')
    const invitation = open.get(id)
    const own = invitation?.login === login ? invitation.offer : null
    switch (more.length > 0 ? '' : `${method} /${place}${id && '/:id'}${verb && `/${verb}`}`) {
      case 'GET /':
        return pageAnswer(startPage({ login, edge }))
      case 'GET /style.css':
        return { kind: 'file', name: 'style.css' }
      case 'GET /watch.js':
        return { kind: 'file', name: 'watch.js' }
      case 'POST /pairings':
        return offer(login)
      case 'GET /pairings/:id':
        return own
          ? pageAnswer(invitationPage({ login, edge }, own, await api.readPairing(id)))
          : pageAnswer(endPage({ login, edge }), 404)
      case 'GET /pairings/:id/state':
        return { kind: 'text', text: (own ? await api.readPairing(id) : OVER).state }
      case 'POST /pairings/:id/answer':
        if (own)
          await api.answerPairing(id, form.get('accept') === 'yes')
        return { kind: 'redirect', path: `/pairings/${id}` }
      default:
        return pageAnswer(problemPage({ login, edge }, 'There is nothing at this address.'), 404)
    }
  }

  return async (request) => {
    try {
      return await answer(request)
    }
    catch (error) {
      if (!(error instanceof EdgeRefusal))
        throw error
      return pageAnswer(problemPage({ login: request.login, edge }, error.message), 502)
    }
  }
}

function pageAnswer(page: Html, status: 200 | 404 | 502 = 200): Answer {
  return { kind: 'page', status, page }
}
