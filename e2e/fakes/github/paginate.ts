import type { Call } from './route.ts'

const DEFAULT_PER_PAGE = 30
const MAX_PER_PAGE = 100

/** Returns the requested page of a list, and the `Link` header to the other pages. */
export function paginate<T>({ query, url }: Pick<Call, 'query' | 'url'>, all: readonly T[]): { items: T[], headers: Record<string, string> } {
  const size = Math.min(Number(query.per_page ?? DEFAULT_PER_PAGE), MAX_PER_PAGE)
  const number = Math.max(Number(query.page ?? 1), 1)
  const last = Math.max(Math.ceil(all.length / size), 1)
  const links = [
    ...(number > 1 ? [link(url, number - 1, 'prev'), link(url, 1, 'first')] : []),
    ...(number < last ? [link(url, number + 1, 'next'), link(url, last, 'last')] : []),
  ]
  return { items: all.slice((number - 1) * size, number * size), headers: links.length > 0 ? { link: links.join(', ') } : {} }
}

function link(url: URL, page: number, rel: string): string {
  const target = new URL(url)
  target.searchParams.set('page', String(page))
  return `<${target.href}>; rel="${rel}"`
}
