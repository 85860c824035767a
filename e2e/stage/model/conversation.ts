import type { Scene } from './scene.ts'
import type { Seen } from './seen.ts'
import { LONG_ANSWER } from './long-answer.ts'
import { steps } from './scene.ts'

/** The change the stage is about. */
export interface SampleTask {
  /** What the person writes. */
  ask: string
  repository: string
  title: string
  brief: string
}

/** Claude in the conversation. What is matched is the end of what was said: task events may stand before it. */
export function conversation(sample: SampleTask): Scene[] {
  return [
    ...steps('asked for the sample change', talk(seen => seen.said.trimEnd().endsWith(sample.ask)), [
      () => ({
        say: `Good idea. I will put it to you as a task for \`${sample.repository}\`.`,
        use: [{ tool: 'spawn_task', input: { repository: sample.repository, title: sample.title, brief: sample.brief, planFirst: false } }],
      }),
      () => ({ say: 'The proposal stands here in the conversation. Start it when you are ready: a worker writes the change, opens a draft pull request and repairs it until CI is green.' }),
    ]),
    ...steps('asked to change some repository', talk(seen => CHANGE.test(seen.said)), [
      seen => ({ say: 'Let me see.', use: [{ tool: 'spawn_task', input: { repository: CHANGE.exec(seen.said)?.[1] ?? '', title: 'Change the greeting', brief: 'Make the greeting friendlier.' } }] }),
      seen => ({ say: `The answer to that: ${seen.results[0]}` }),
    ]),
    ...steps('uses a tool wrongly', talk(says('Use a tool with wrong arguments.')), [
      () => ({ say: 'Here I go.', use: [{ tool: 'spawn_task', input: { title: 5 } }] }),
      seen => ({ say: `That went wrong: ${seen.results[0]}` }),
    ]),
    ...steps('uses a tool there is not', talk(says('Use a tool that does not exist.')), [
      () => ({ say: 'Here I go.', use: [{ tool: 'launch_rocket', input: {} }] }),
      seen => ({ say: `That went wrong: ${seen.results[0]}` }),
    ]),
    // It can only say so when the event really is in its context.
    { name: 'asked what happened', when: talk(seen => says('What happened?')(seen) && seen.text.includes('CI is green')), play: () => ({ say: 'CI is green after one fix, and the pull request is ready for your review.' }) },
    { name: 'asked to explain at length', when: talk(says('Explain the loop at length.')), play: () => ({ say: LONG_ANSWER }) },
    { name: 'greeted', when: talk(says('Hello')), play: () => ({ say: 'Hello. What shall we work on?' }) },
    { name: 'shown a file', when: talk(says('What do you see?')), play: () => ({ say: 'I see what you sent me.' }) },
    { name: 'given something huge', when: talk(seen => seen.said.length > 50_000), play: seen => ({ say: `I read ${seen.said.length} characters.` }) },
  ]
}

/** For a person who tries things: the stage says what it is. Tests go without it, so that nothing unscripted passes. */
export function smallTalk(sample: SampleTask): Scene {
  return {
    name: 'small talk',
    when: talk(() => true),
    play: () => ({ say: `This is the demo: my lines are scripted. Ask me this and watch what happens:\n\n> ${sample.ask}` }),
  }
}

const CHANGE = /Change the greeting in (\S+)\s*$/

function talk(when: Scene['when']): Scene['when'] {
  return seen => seen.caller === 'conversation' && when(seen)
}

function says(words: string): (seen: Seen) => boolean {
  return seen => seen.said.trimEnd().endsWith(words)
}
