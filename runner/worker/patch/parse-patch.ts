/** Longer lines are cut: a line may be a whole program, on which the patterns would backtrack. Characters. */
const MAX_LINE = 500

/** The changed lines of one file, without their signs. */
export interface FilePatch {
  path: string
  added: string[]
  removed: string[]
}

/** Parses the output of `git diff-tree -p`. A file that became a link, say, is there twice: removed and added. */
export function parsePatch(patch: string): FilePatch[] {
  const files: FilePatch[] = []
  let inHunk = false
  for (const line of patch.split('\n')) {
    const file = files.at(-1)
    // Lines in a hunk begin with a sign, so a file cannot forge this one.
    if (line.startsWith('diff --git ')) {
      files.push({ path: '', added: [], removed: [] })
      inHunk = false
    }
    else if (file === undefined) {
      continue
    }
    else if (line.startsWith('@@ ')) {
      inHunk = true
    }
    else if (!inHunk) {
      file.path = pathIn(line) ?? file.path
    }
    else if (line.startsWith('+')) {
      file.added.push(line.slice(1, 1 + MAX_LINE))
    }
    else if (line.startsWith('-')) {
      file.removed.push(line.slice(1, 1 + MAX_LINE))
    }
  }
  return files
}

/** The path in `--- a/…` or `+++ b/…`; null for `/dev/null`. Git quotes paths with special characters. */
function pathIn(header: string): string | null {
  const [, plain, quoted] = /^(?:---|\+\+\+) (?:[ab]\/([^\t]*)\t?|"[ab]\/(.*)")$/.exec(header) ?? []
  return plain ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? null
}
