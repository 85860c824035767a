import type { ModelRequest } from './read-request.ts'
import type { ScriptedReply } from './scripted-reply.ts'
import { LONG_REPLY } from './long-reply.ts'
import { scriptedSteps } from './scripted-reply.ts'

/** The change that the scripted model proposes. */
export interface SampleTask {
  /** The message in which the person asks for the change. */
  message: string
  repository: string
  title: string
  brief: string
}

/** Replies of Claude in the conversation. They match the end of the prompt, because it may begin with task events. */
export function conversationScript(sample: SampleTask): ScriptedReply[] {
  return [
    ...scriptedSteps(
      'asked for the sample change',
      inConversation(request => request.prompt.trimEnd().endsWith(sample.message)),
      [
        () => ({
          text: `Good idea. I will put it to you as a task for \`${sample.repository}\`.`,
          toolUses: [{ tool: 'spawn_task', input: { repository: sample.repository, title: sample.title, brief: sample.brief, planFirst: false } }],
        }),
        () => ({ text: PROPOSED }),
      ],
    ),
    ...scriptedSteps(
      'asked to change any repository',
      inConversation(request => CHANGE.test(request.prompt)),
      [
        (request) => {
          const repository = CHANGE.exec(request.prompt)?.[1] ?? ''
          const input = { repository, title: 'Change the greeting', brief: 'Make the greeting friendlier.' }
          return { text: 'Let me see.', toolUses: [{ tool: 'spawn_task', input }] }
        },
        request => ({ text: `The answer to that: ${request.results[0]}` }),
      ],
    ),
    ...scriptedSteps('uses a tool wrongly', inConversation(promptEndsWith('Use a tool with wrong arguments.')), [
      () => ({ text: 'Here I go.', toolUses: [{ tool: 'spawn_task', input: { title: 5 } }] }),
      request => ({ text: `That went wrong: ${request.results[0]}` }),
    ]),
    ...scriptedSteps('uses an unknown tool', inConversation(promptEndsWith('Use a tool that does not exist.')), [
      () => ({ text: 'Here I go.', toolUses: [{ tool: 'launch_rocket', input: {} }] }),
      request => ({ text: `That went wrong: ${request.results[0]}` }),
    ]),
    // The reply needs the event in the request, so it proves that the edge put it there.
    {
      name: 'asked what happened',
      when: inConversation(request => promptEndsWith('What happened?')(request) && request.text.includes('CI is green')),
      respond: () => ({ text: 'CI is green after one fix, and the pull request is ready for your review.' }),
    },
    { name: 'asked to explain at length', when: inConversation(promptEndsWith('Explain the loop at length.')), respond: () => ({ text: LONG_REPLY }) },
    { name: 'greeted', when: inConversation(promptEndsWith('Hello')), respond: () => ({ text: 'Hello. What shall we work on?' }) },
    { name: 'sent a file', when: inConversation(promptEndsWith('What do you see?')), respond: () => ({ text: 'I see what you sent me.' }) },
    {
      name: 'sent a huge message',
      when: inConversation(request => request.prompt.length > 50_000),
      respond: request => ({ text: `I read ${request.prompt.length} characters.` }),
    },
  ]
}

/** Matches every message of the conversation. The demo has it; tests do not, so that an unscripted request fails them. */
export function smallTalk(sample: SampleTask): ScriptedReply {
  return {
    name: 'small talk',
    when: inConversation(() => true),
    respond: () => ({ text: `This is the demo: my lines are scripted. Ask me this and watch what happens:\n\n> ${sample.message}` }),
  }
}

const PROPOSED = 'The proposal stands here in the conversation. Start it when you are ready: '
  + 'a worker writes the change, opens a draft pull request and repairs it until CI is green.'

const CHANGE = /Change the greeting in (\S+)\s*$/

function inConversation(when: ScriptedReply['when']): ScriptedReply['when'] {
  return request => request.caller === 'conversation' && when(request)
}

function promptEndsWith(text: string): (request: ModelRequest) => boolean {
  return request => request.prompt.trimEnd().endsWith(text)
}
