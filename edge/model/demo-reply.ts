import type { ModelMessage, PersonBlock, ToolCall } from './model.ts'
import { parseRepository } from '#shared/model/repository.ts'

export interface DemoReply { text: string, call: Pick<ToolCall, 'name' | 'input'> | null }

const WHO = 'I am the demo model, not Claude: no key is set.'
const HOW = 'Set `ANTHROPIC_API_KEY` (locally in `.env`) and start again to talk to Claude.'

const CHANGE
  = /\b(?:add|build|bump|change|clean|convert|create|delete|document|drop|extend|fix|handle|implement|improve|make|migrate|move|port|refactor|remove|rename|repair|replace|rewrite|support|test|update|upgrade|write)\b/i
const ASKS_FOR_TASKS = /\btasks?\b/i

/** What the demo says to the end of this conversation, and which tool it calls. */
export function demoReply(messages: readonly ModelMessage[]): DemoReply {
  const last = messages.at(-1)
  const blocks = last?.role === 'user' ? last.content : []
  const results = blocks.filter(block => block.kind === 'tool-result')
  if (results.length > 0)
    return { text: results.map(afterTool).join('\n\n'), call: null }

  const said = blocks.filter(isPerson).map(({ text }) => text.replaceAll(ATTACHED, '')).join('\n\n')
  const repository = CHANGE.test(said) ? findRepository(said) : null
  if (repository) {
    return {
      text: `${WHO} But I can propose this as a task, and everything after that is real.`,
      call: { name: 'spawn_task', input: { repository, title: titleOf(said), brief: said } },
    }
  }
  if (blocks.some(({ kind }) => kind === 'image' || kind === 'document')) {
    return {
      text: `${WHO} What you attached has arrived and would be shown to Claude; I cannot look at it. ${HOW}`,
      call: null,
    }
  }
  if (ASKS_FOR_TASKS.test(said))
    return { text: `${WHO} These are your tasks:`, call: { name: 'list_tasks', input: {} } }
  return {
    text: `${WHO} ${HOW}\n\nWhat works without it: name a repository and a change, such as “fix the failing test in owner/name”, and I propose a task. Ask for your tasks, and I list them.`,
    call: null,
  }
}

function afterTool({ text, isError }: Extract<PersonBlock, { kind: 'tool-result' }>): string {
  if (isError)
    return `That did not work. ${text}`
  // The first sentence says what happened; what follows tells a model what to make of it.
  return text.includes('\n') ? text.replaceAll(/^/gm, '- ') : text.replace(/(?<=\.) .*/, '')
}

/** The line of a file before what the person said. */
const ATTACHED = /^\[Attached: .*\]\n?/gm

/** The system's lines stand in square brackets. */
function isPerson(block: PersonBlock): block is Extract<PersonBlock, { kind: 'text' }> {
  return block.kind === 'text' && !/^\[(?!Attached: )[^\]]*\]/.test(block.text)
}

/** A name that reads as a repository, or a link that claims to be one: the tool says what is wrong with it. */
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

/** The first line, short enough for a card. Characters. */
const MAX_TITLE_LENGTH = 80

function titleOf(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? ''
  return line.length > MAX_TITLE_LENGTH ? `${line.slice(0, MAX_TITLE_LENGTH - 1).trimEnd()}…` : line
}
