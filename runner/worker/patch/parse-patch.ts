/** Of a line: what is looked for backtracks, and a line may be a whole program. Characters. */
const MAX_LINE = 500

/** What a patch does to one file, line by line, of each as much as a person would read. */
export interface FilePatch {
  path: string
  added: string[]
  removed: string[]
}

/**
 * Reads what `git diff-tree -p` prints. A file that became another kind of thing is there twice: removed, and added.
 */
export function parsePatch(patch: string): FilePatch[] {
  const files: FilePatch[] = []
  let inHunk = false
  for (const line of patch.split('\n')) {
    const file = files.at(-1)
    // Within a hunk every line begins with a sign, so this can only be git's own.
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

/** Of `--- a/…` and `+++ b/…`; the one that is not there is `/dev/null`. Quoted when it holds what could end a line. */
function pathIn(header: string): string | null {
  const [, plain, quoted] = /^(?:---|\+\+\+) (?:[ab]\/([^\t]*)\t?|"[ab]\/(.*)")$/.exec(header) ?? []
  return plain ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? null
}
