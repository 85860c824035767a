interface Job { id: string, condition: string, needs: string[], name: string }

/** Whether a check's name is that of a job that skips drafts. */
export type DraftGuard = (name: string) => boolean

/**
 * The names of the jobs in a workflow file whose `if:` asks whether the pull request is a draft, and of the jobs that
 * need one of those: GitHub skips them too. Reads the block form of YAML, which workflows are written in; a job in
 * another form guards nothing. Whoever can push writes that file, so the work is linear in its length.
 */
export function draftGuards(workflow: string): DraftGuard[] {
  const jobs = readJobs(workflow)
  const needs = jobs.flatMap(({ id, needs }) => needs.map(need => ({ id, need })))
  const dependents = Map.groupBy(needs, ({ need }) => need)
  const guarded = new Set(jobs.filter(({ condition }) => /\bdraft\b/.test(condition)).map(({ id }) => id))
  // The loop also visits what it adds.
  for (const guard of guarded) {
    for (const { id } of dependents.get(guard) ?? [])
      guarded.add(id)
  }
  return jobs.filter(({ id }) => guarded.has(id)).map(({ name }) => nameGuard(name))
}

/** A workflow with more jobs is none that a person wrote. */
const MAX_JOBS = 500
const MAX_LINES = 20_000

/** Characters. GitHub's own names of checks are shorter. */
const MAX_LINE_LENGTH = 2000
const MAX_NAME_LENGTH = 500

function readJobs(workflow: string): Job[] {
  const lines = workflow.split(/\r?\n/, MAX_LINES)
    .map(line => line.slice(0, MAX_LINE_LENGTH))
    .filter(line => !/^\s*(?:#|$)/.test(line))
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
  const name = (unquoted(value('name')) || id).slice(0, MAX_NAME_LENGTH)
  return { id, condition: value('if'), needs: value('needs').match(/[\w-]+/g) ?? [], name }
}

/**
 * An expression in a name may become anything, a matrix adds its values in brackets, and a called workflow adds its
 * jobs. The literal parts are looked for in order, because a pattern with many gaps backtracks without end.
 */
function nameGuard(template: string): DraftGuard {
  const [first = '', ...rest] = template.split(/\$\{\{.*?\}\}/)
  const last = rest.pop()
  return (name) => {
    if (!name.startsWith(first))
      return false
    let at = first.length
    for (const part of rest) {
      const found = name.indexOf(part, at)
      if (found === -1)
        return false
      at = found + part.length
    }
    // Without an expression, what follows the name follows its only part.
    return last === undefined ? isSuffix(name.slice(at)) : endsWith(name.slice(at), last)
  }
}

function isSuffix(text: string): boolean {
  return text === '' || text.startsWith(' / ') || (text.startsWith(' (') && text.endsWith(')'))
}

function endsWith(text: string, last: string): boolean {
  return text.endsWith(last) || text.includes(`${last} / `) || (text.endsWith(')') && text.includes(`${last} (`))
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

function unquoted(text: string): string {
  return text.trim().replace(/^(['"])(.*)\1$/, '$2')
}
