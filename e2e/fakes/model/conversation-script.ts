import type { ModelRequest } from './read-request.ts'
import type { ScriptedReply } from './scripted-reply.ts'
import { LONG_REPLY } from './long-reply.ts'
import { scriptedSteps } from './scripted-reply.ts'

/** The change that the scripted model proposes. */
export interface SampleTask {
  /** What the person writes. */
  ask: string
  repository: string
  title: string
  brief: string
}

/** Claude in the conversation. What is matched is the end of the prompt, because task events may stand before it. */
export function conversationScript(sample: SampleTask): ScriptedReply[] {
  return [
    ...scriptedSteps(
      'asked for the sample change',
      inConversation(request => request.prompt.trimEnd().endsWith(sample.ask)),
      [
        () => ({
          say: `Good idea. I will put it to you as a task for \`${sample.repository}\`.`,
          use: [{ tool: 'spawn_task', input: { repository: sample.repository, title: sample.title, brief: sample.brief, planFirst: false } }],
        }),
        () => ({
          say: 'The proposal stands here in the conversation. Start it when you are ready: a worker writes the change, opens a draft pull request and repairs it until CI is green.',
        }),
      ],
    ),
    ...scriptedSteps(
      'asked to change some repository',
      inConversation(request => CHANGE.test(request.prompt)),
      [
        request => ({
          say: 'Let me see.',
          use: [
            {
              tool: 'spawn_task',
              input: { repository: CHANGE.exec(request.prompt)?.[1] ?? '', title: 'Change the greeting', brief: 'Make the greeting friendlier.' },
            },
          ],
        }),
        request => ({ say: `The answer to that: ${request.results[0]}` }),
      ],
    ),
    ...scriptedSteps('uses a tool wrongly', inConversation(promptEndsWith('Use a tool with wrong arguments.')), [
      () => ({ say: 'Here I go.', use: [{ tool: 'spawn_task', input: { title: 5 } }] }),
      request => ({ say: `That went wrong: ${request.results[0]}` }),
    ]),
    ...scriptedSteps('uses a tool there is not', inConversation(promptEndsWith('Use a tool that does not exist.')), [
      () => ({ say: 'Here I go.', use: [{ tool: 'launch_rocket', input: {} }] }),
      request => ({ say: `That went wrong: ${request.results[0]}` }),
    ]),
    // It can only say so when the event really is in its context.
    {
      name: 'asked what happened',
      when: inConversation(request => promptEndsWith('What happened?')(request) && request.text.includes('CI is green')),
      respond: () => ({ say: 'CI is green after one fix, and the pull request is ready for your review.' }),
    },
    { name: 'asked to explain at length', when: inConversation(promptEndsWith('Explain the loop at length.')), respond: () => ({ say: LONG_REPLY }) },
    { name: 'greeted', when: inConversation(promptEndsWith('Hello')), respond: () => ({ say: 'Hello. What shall we work on?' }) },
    { name: 'shown a file', when: inConversation(promptEndsWith('What do you see?')), respond: () => ({ say: 'I see what you sent me.' }) },
    {
      name: 'given something huge',
      when: inConversation(request => request.prompt.length > 50_000),
      respond: request => ({ say: `I read ${request.prompt.length} characters.` }),
    },
  ]
}

/** For a person who tries things: the demo says what it is. Tests go without it, so that nothing unscripted passes. */
export function smallTalk(sample: SampleTask): ScriptedReply {
  return {
    name: 'small talk',
    when: inConversation(() => true),
    respond: () => ({ say: `This is the demo: my lines are scripted. Ask me this and watch what happens:\n\n> ${sample.ask}` }),
  }
}

const CHANGE = /Change the greeting in (\S+)\s*$/

function inConversation(when: ScriptedReply['when']): ScriptedReply['when'] {
  return request => request.caller === 'conversation' && when(request)
}

function promptEndsWith(words: string): (request: ModelRequest) => boolean {
  return request => request.prompt.trimEnd().endsWith(words)
}
