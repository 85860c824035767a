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

/** A request of a person who was let in. */
export interface Request { login: string, method: string, path: string, form: URLSearchParams }

export type Answer
  = | { kind: 'page', status: 200 | 404 | 502, page: Html }
    | { kind: 'text', text: string }
    /** After a form: the page that may be loaded again. */
    | { kind: 'see', path: string }
    | { kind: 'file', name: 'style.css' | 'watch.js' }

const OVER: PairingView = { state: 'over' }

/**
 * Makes invitations for the people who were let in and shows how they stand. The edge tells a code only once, so
 * those that are open are kept here, each for the one who made it; the edge has a bound on how many there are.
 */
export function createPairingHandler({ api, edge, now }: PairingHandlerDeps): (request: Request) => Promise<Answer> {
  const open = new Map<string, { login: string, offer: PairingOffer }>()

  async function offer(login: string): Promise<Answer> {
    for (const [id, { offer }] of open) {
      if (offer.expiresAt <= now())
        open.delete(id)
    }
    const made = await api.offerPairing()
    open.set(made.id, { login, offer: made })
    return { kind: 'see', path: `/pairings/${made.id}` }
  }

  async function answer({ login, method, path, form }: Request): Promise<Answer> {
    const [, place = '', id = '', verb = '', ...more] = path.split('/')
    const mine = open.get(id)
    const known = mine?.login === login ? mine.offer : null
    switch (more.length > 0 ? '' : `${method} /${place}${id && '/:id'}${verb && `/${verb}`}`) {
      case 'GET /':
        return shown(startPage({ login, edge }))
      case 'GET /style.css':
        return { kind: 'file', name: 'style.css' }
      case 'GET /watch.js':
        return { kind: 'file', name: 'watch.js' }
      case 'POST /pairings':
        return offer(login)
      case 'GET /pairings/:id':
        return known
          ? shown(invitationPage({ login, edge }, known, await api.readPairing(id)))
          : shown(endPage({ login, edge }), 404)
      case 'GET /pairings/:id/state':
        return { kind: 'text', text: (known ? await api.readPairing(id) : OVER).state }
      case 'POST /pairings/:id/answer':
        if (known)
          await api.answerPairing(id, form.get('accept') === 'yes')
        return { kind: 'see', path: `/pairings/${id}` }
      default:
        return shown(problemPage({ login, edge }, 'There is nothing at this address.'), 404)
    }
  }

  return async (request) => {
    try {
      return await answer(request)
    }
    catch (error) {
      if (!(error instanceof EdgeRefusal))
        throw error
      return shown(problemPage({ login: request.login, edge }, error.message), 502)
    }
  }
}

function shown(page: Html, status: 200 | 404 | 502 = 200): Answer {
  return { kind: 'page', status, page }
}
