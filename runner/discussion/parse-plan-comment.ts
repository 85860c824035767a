import type { PlanAnswer } from '#shared/model/task-event.ts'
import type { Question } from '#shared/model/task.ts'

/** What a comment under the plan means; null when it asks for nothing that is known here. */
export type PlanComment = PlanAnswer | null

/** The protocol's limits. Characters. */
const MAX_WORDS = 32_000
const MAX_ANSWER = 4000

/**
 * Reads a comment under a plan. Only a line that is nothing but `/approve` approves:
 * everything else that says something is a revision, however kind it sounds. With questions
 * open, words are answers. What is quoted, shown as code or hidden was said by somebody else.
 */
export function parsePlanComment(text: string, questions: readonly Question[]): PlanComment {
  const said = ownWords(text)
  if (said === '')
    return null
  const command = /^\/([a-z]+)(?:\s|$)/i.exec(said)
  const words = said.slice(command?.[0].length ?? 0).trim()
  switch (command?.[1]?.toLowerCase()) {
    case undefined:
      return hasPlainWords(said) ? decision(said, questions) : null
    case 'approve':
      // An approval with a condition is not one.
      return words === '' ? (questions.length > 0 ? null : { kind: 'approve-plan' }) : decision(words, questions)
    case 'revise':
    case 'answer':
      return words === '' ? null : decision(words, questions)
    case 'cancel':
      // Words behind it may be a reason or a condition; the person is not there to be asked.
      return words === '' ? { kind: 'cancel' } : decision(said.slice(1), questions)
    default:
      // Another program's command.
      return null
  }
}

function decision(words: string, questions: readonly Question[]): PlanComment {
  return questions.length > 0
    ? { kind: 'answer', answers: answers(words, questions) }
    : { kind: 'revise-plan', words: words.slice(0, MAX_WORDS) }
}

/** `1. text` or `2: text` answers that question; words without a number answer the first. */
function answers(words: string, questions: readonly Question[]): { question: string, text: string }[] {
  const found: { question: string, text: string }[] = []
  for (const line of words.split('\n')) {
    const [, number, rest] = /^\s*(\d{1,2})\s*[.):]\s*(\S.*)$/.exec(line) ?? []
    const asked = number === undefined ? undefined : questions[Number(number) - 1]
    const last = found.at(-1)
    if (asked)
      found.push({ question: asked.id, text: (rest ?? '').trim() })
    else if (last)
      last.text = `${last.text}\n${line}`.trimEnd()
    else if (line.trim() !== '')
      found.push({ question: questions[0]?.id ?? '', text: line.trim() })
  }
  return found.map(({ question, text }) => ({ question, text: text.slice(0, MAX_ANSWER) }))
}

/** Without quotes, comments that nobody sees, and characters that have no width; nothing when all of it is code. */
function ownWords(text: string): string {
  const visible = text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]/g, '')
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '')
  const lines = withoutQuotes(visible.split('\n'))
  const plain = join(lines.filter(({ isCode }) => !isCode))
  // A command shown as code is an example of one.
  return plain === '' || plain.startsWith('/') ? plain : join(lines)
}

function join(lines: readonly { text: string }[]): string {
  return lines.map(({ text }) => text).join('\n').trim()
}

/**
 * A block of code begins and ends with a line of backticks or tildes, or is indented; one that never ends is all code.
 */
function withoutQuotes(lines: readonly string[]): { text: string, isCode: boolean }[] {
  let openCodeBlock: string | null = null
  return lines.filter(text => !/^ {0,3}>/.test(text)).map((text) => {
    const mark = /^ {0,3}(```|~~~)/.exec(text)?.[1] ?? null
    const isCode = openCodeBlock !== null || mark !== null || /^(?: {4}|\t)/.test(text)
    if (openCodeBlock === null || mark === openCodeBlock)
      openCodeBlock = openCodeBlock === null ? mark : null
    return { text, isCode }
  })
}

/** Not only signs and emoji, which say too little to act on. */
function hasPlainWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text.replaceAll(/:[a-z0-9_+-]+:/g, ''))
}
