/**
 * The parts that git refuses anywhere in a ref's name: rules 3, 4, 5, 8 and 10 of `check-ref-format`, and empty
 * components.
 */
// eslint-disable-next-line no-control-regex -- control characters are what rule 4 is about
const NOWHERE = /\.\.|[\0-\u001F\u007F ~^:?*[\\]|@\{|\/\//

/**
 * Whether git takes the name for a branch: the rules of `git check-ref-format` (git's documentation, by their numbers
 * there) for `refs/heads/<name>`, and those of `git branch`, which refuses a leading dash, `@` and `HEAD`.
 */
export function isBranchName(name: string): boolean {
  return name !== ''
    && name !== '@' //                                             9.
    && name !== 'HEAD'
    && !name.startsWith('-')
    && !name.startsWith('/') && !name.endsWith('/') //             6.
    && !name.endsWith('.') //                                      7.
    && !NOWHERE.test(name)
    && name.split('/').every(part => !part.startsWith('.') && !part.endsWith('.lock')) // 1.
}

/** A sentence for the sender of a name that is no branch's; null for a name that may be one. */
export function branchProblem(name: string): string | null {
  return isBranchName(name)
    ? null
    : `${JSON.stringify(name.slice(0, 100))} cannot be a branch in git. Name one like main or release/2.0.`
}
