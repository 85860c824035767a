import type { Plugin } from 'vite'
import { parseAst } from 'vite'

/**
 * Gives every `await` in these folders a name and a hook, so that a test can list them all and end the process at
 * each. The code behaves as before until a test sets `globalThis.awaitPoints`.
 */
export function awaitPoints(folders: readonly string[]): Plugin {
  return {
    name: 'mainloop:await-points',
    // Types have to be stripped before, because `parseAst` reads JavaScript only.
    enforce: 'post',
    transform(code, id) {
      const file = id.split('?', 1)[0] ?? id
      const folder = folders.find(folder => file.includes(`/${folder}/`))
      if (!folder || !file.endsWith('.ts') || file.endsWith('.test.ts'))
        return null
      return { code: instrument(code, file.slice(file.lastIndexOf(`/${folder}/`) + 1)), map: null }
    },
  }
}

/** Added to the first line, so that all lines keep their numbers. */
const PRELUDE
  = 'const __one = (name, value) => globalThis.awaitPoints ? globalThis.awaitPoints.one(name, value) : value;'
    + 'const __each = (name, values) => globalThis.awaitPoints ? globalThis.awaitPoints.each(name, values) : values; '

export function instrument(code: string, file: string): string {
  const inserts: { at: number, text: string }[] = []
  let count = 0
  const wrap = (kind: '__one' | '__each', { start, end }: Place) => {
    inserts.push({ at: start, text: `${kind}(${JSON.stringify(`${file}#${++count}`)}, ` }, { at: end, text: ')' })
  }
  walk(parseAst(code), (node) => {
    if (node.type === 'AwaitExpression' && isNode(node.argument))
      wrap('__one', node.argument)
    if (node.type === 'ForOfStatement' && node.await === true && isNode(node.right))
      wrap('__each', node.right)
  })
  if (count === 0)
    return code
  // Applied from the end, so that earlier positions stay valid. Of two inserts at one position the later is the inner.
  const instrumented = inserts
    .map((insert, order) => ({ ...insert, order }))
    .sort((a, b) => b.at - a.at || b.order - a.order)
    .reduce((text, { at, text: insert }) => text.slice(0, at) + insert + text.slice(at), code)
  return PRELUDE + instrumented
}

interface Place { start: number, end: number }
type Node = Place & { type: string, [key: string]: unknown }

function walk(node: unknown, visit: (node: Node) => void): void {
  if (isNode(node))
    visit(node)
  if (typeof node === 'object' && node !== null)
    Object.values(node).forEach(child => walk(child, visit))
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object'
    && value !== null
    && 'type' in value
    && typeof value.type === 'string'
    && 'start' in value
    && 'end' in value
  )
}
