import type { PlanAnswer } from '#shared/model/task-event.ts'
import type { Question } from '#shared/model/task.ts'

/** The decision in a comment under a plan; null if the comment decides nothing. */
export type PlanComment = PlanAnswer | null

/** The limits of a plan answer's schema. Characters. */
const MAX_WORDS = 32_000
const MAX_ANSWER = 4000

/**
 * Parses a comment under a plan. Only the command `/approve` alone approves: any other text revises the plan,
 * however positive it sounds, or answers open questions. Quotes, code and hidden text do not count.
 */
export function parsePlanComment(text: string, questions: readonly Question[]): PlanComment {
  const own = ownText(text)
  if (own === '')
    return null
  const command = /^\/([a-z]+)(?:\s|$)/i.exec(own)
  const words = own.slice(command?.[0].length ?? 0).trim()
  switch (command?.[1]?.toLowerCase()) {
    case undefined:
      return hasPlainWords(own) ? decision(own, questions) : null
    case 'approve':
      // An approval with a condition is a revision.
      return words === '' ? (questions.length > 0 ? null : { kind: 'approve-plan' }) : decision(words, questions)
    case 'revise':
    case 'answer':
      return words === '' ? null : decision(words, questions)
    case 'cancel':
      // Words after the command may be a reason or a condition, and nobody can be asked which.
      return words === '' ? { kind: 'cancel' } : decision(own.slice(1), questions)
    default:
      // Other programs have commands too.
      return null
  }
}

function decision(words: string, questions: readonly Question[]): PlanComment {
  return questions.length > 0
    ? { kind: 'answer', answers: answers(words, questions) }
    : { kind: 'revise-plan', words: words.slice(0, MAX_WORDS) }
}

/** `1. text` or `2: text` answers the question with that number. Text without a number answers the first one. */
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

/** The author's visible text, without quotes, HTML comments and zero-width characters. Empty if all of it is code. */
function ownText(text: string): string {
  const visible = text
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]/g, '')
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '')
  const lines = withoutQuotes(visible.split('\n'))
  const plain = join(lines.filter(({ isCode }) => !isCode))
  // A command in code is an example of one.
  return plain === '' || plain.startsWith('/') ? plain : join(lines)
}

function join(lines: readonly { text: string }[]): string {
  return lines.map(({ text }) => text).join('\n').trim()
}

/** Code is fenced by lines of backticks or tildes, or indented. A fence that never closes makes the rest code. */
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

/** Signs and emoji alone are too little to act on. */
function hasPlainWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text.replaceAll(/:[a-z0-9_+-]+:/g, ''))
}
