import type { ModelMessage, PersonBlock, ToolCall } from './model.ts'
import { parseRepository } from '#shared/model/repository.ts'

export interface DemoReply { text: string, call: Pick<ToolCall, 'name' | 'input'> | null }

const DEMO = 'I am the demo model, not Claude: no key is set.'
const HOW_TO_SET_KEY = 'Set `ANTHROPIC_API_KEY` (locally in `.env`) and start again to talk to Claude.'
const HINT = `What works without it: name a repository and a change, such as “fix the failing test in owner/name”, \
and I propose a task. Ask for your tasks, and I list them.`

const CHANGE
  = /\b(?:add|build|bump|change|clean|convert|create|delete|document|drop|extend|fix|handle|implement|improve|make|migrate|move|port|refactor|remove|rename|repair|replace|rewrite|support|test|update|upgrade|write)\b/i
const ASKS_FOR_TASKS = /\btasks?\b/i

/** The demo's reply to the end of a conversation. */
export function demoReply(messages: readonly ModelMessage[]): DemoReply {
  const last = messages.at(-1)
  const blocks = last?.role === 'user' ? last.content : []
  const results = blocks.filter(block => block.kind === 'tool-result')
  if (results.length > 0)
    return { text: results.map(afterTool).join('\n\n'), call: null }

  const request = blocks.filter(isPerson).map(({ text }) => text.replaceAll(ATTACHED, '')).join('\n\n')
  const repository = CHANGE.test(request) ? findRepository(request) : null
  if (repository) {
    return {
      text: `${DEMO} But I can propose this as a task, and everything after that is real.`,
      call: { name: 'spawn_task', input: { repository, title: titleOf(request), brief: request } },
    }
  }
  if (blocks.some(({ kind }) => kind === 'image' || kind === 'document')) {
    const text = `${DEMO} What you attached has arrived and would be shown to Claude; I cannot look at it.`
    return { text: `${text} ${HOW_TO_SET_KEY}`, call: null }
  }
  if (ASKS_FOR_TASKS.test(request))
    return { text: `${DEMO} These are your tasks:`, call: { name: 'list_tasks', input: {} } }
  return { text: `${DEMO} ${HOW_TO_SET_KEY}\n\n${HINT}`, call: null }
}

function afterTool({ text, isError }: Extract<PersonBlock, { kind: 'tool-result' }>): string {
  if (isError)
    return `That did not work. ${text}`
  // The first sentence has the result; the others are instructions for a model.
  return text.includes('\n') ? text.replaceAll(/^/gm, '- ') : text.replace(/(?<=\.) .*/, '')
}

/** The line of a file before the person's text. */
const ATTACHED = /^\[Attached: .*\]\n?/gm

/** Lines of the system are in square brackets. */
function isPerson(block: PersonBlock): block is Extract<PersonBlock, { kind: 'text' }> {
  return block.kind === 'text' && !/^\[(?!Attached: )[^\]]*\]/.test(block.text)
}

/** Finds a name or a link that looks like a repository; the tool checks it. */
function findRepository(text: string): string | null {
  const words = text.split(/[\s"'`“”()<>,;]+/).map(word => word.replace(/[.:!?]+$/, ''))
  return (
    words.find(
      word =>
        /^(?:https?:\/\/|git@)\S+[/:]\S+/.test(word)
        || (/^[^/A-Z]*[A-Z][^/]*\/[^/A-Z]*[A-Z][^/]*$/i.test(word) && parseRepository(word).ok),
    ) ?? null
  )
}

/** A title that is short enough for a card. Characters. */
const MAX_TITLE_LENGTH = 80

function titleOf(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? ''
  return line.length > MAX_TITLE_LENGTH ? `${line.slice(0, MAX_TITLE_LENGTH - 1).trimEnd()}…` : line
}
