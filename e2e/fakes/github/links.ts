import type { Repository } from './state.ts'

/** Base URLs of the fake, without a slash at the end. */
export interface Links {
  server: string
  api: string
}

export function repositoryApi(links: Links, { fullName }: Repository): string {
  return `${links.api}/repos/${fullName}`
}

export function repositoryPage(links: Links, { fullName }: Repository): string {
  return `${links.server}/${fullName}`
}

export function cloneUrl(links: Links, repository: Repository): string {
  return `${repositoryPage(links, repository)}.git`
}

/** Opaque to clients, as GitHub's are; `readNodeId` reads it back. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`
}

export function readNodeId(kind: string, nodeId: string): number | null {
  const encoded = nodeId.startsWith(`${kind}_`) ? nodeId.slice(kind.length + 1) : ''
  const id = Number(Buffer.from(encoded, 'base64url').toString())
  return Number.isInteger(id) && id > 0 ? id : null
}
