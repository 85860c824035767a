interface Job { id: string, condition: string, needs: string[], name: string }

/**
 * The names of the jobs in a workflow file whose `if:` asks whether the pull request is a draft, and of the jobs that
 * need one of those: GitHub skips them too. Reads the block form of YAML, which workflows are written in; a job in
 * another form guards nothing.
 */
export function draftGuards(workflow: string): RegExp[] {
  const jobs = readJobs(workflow)
  const guarded = new Set(jobs.filter(({ condition }) => /\bdraft\b/.test(condition)).map(({ id }) => id))
  // Each round reaches the jobs that need one of the last round.
  for (let size = -1; size !== guarded.size;) {
    size = guarded.size
    for (const { id, needs } of jobs) {
      if (needs.some(need => guarded.has(need)))
        guarded.add(id)
    }
  }
  return jobs.filter(({ id }) => guarded.has(id)).map(({ name }) => namePattern(name))
}

/** A workflow with more jobs is none that a person wrote. */
const MAX_JOBS = 500
const MAX_LINES = 20_000

function readJobs(workflow: string): Job[] {
  const lines = workflow.split(/\r?\n/, MAX_LINES).filter(line => !/^\s*(?:#|$)/.test(line))
  const start = lines.findIndex(line => /^jobs\s*:/.test(line)) + 1
  if (start === 0)
    return []
  const length = lines.slice(start).findIndex(line => /^\S/.test(line))
  const block = lines.slice(start, length === -1 ? undefined : start + length)
  const indent = indentOf(block[0] ?? '')
  const heads = block.flatMap((line, at) => indentOf(line) === indent ? [at] : []).slice(0, MAX_JOBS)
  return heads.map((at, n) => readJob(block.slice(at, heads[n + 1])))
}

function readJob([head = '', ...body]: readonly string[]): Job {
  const id = unquoted(head.slice(0, head.lastIndexOf(':')))
  const indent = indentOf(body[0] ?? '')
  const value = (key: string) => {
    const at = body.findIndex(line => indentOf(line) === indent && line.trimStart().startsWith(`${key}:`))
    if (at === -1)
      return ''
    const rest = body.slice(at + 1)
    const end = rest.findIndex(line => indentOf(line) <= indent && !line.trimStart().startsWith('- '))
    const more = rest.slice(0, end === -1 ? undefined : end)
    return [(body[at] ?? '').trimStart().slice(key.length + 1), ...more].join(' ')
  }
  return { id, condition: value('if'), needs: value('needs').match(/[\w-]+/g) ?? [], name: unquoted(value('name')) || id }
}

/** An expression in a name may become anything, and a matrix adds its values in brackets. */
function namePattern(name: string): RegExp {
  const parts = name.split(/\$\{\{.*?\}\}/).map(part => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}(?: \\(.*\\)| / .*)?$`)
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

function unquoted(text: string): string {
  return text.trim().replace(/^(['"])(.*)\1$/, '$2')
}
