import { afterAll, afterEach, expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { startGitHub } from '../stage/github/start.ts'
import { beginStory } from './begin-story.ts'
import { ciStories } from './ci-stories.ts'
import { live } from './live.ts'
import { peopleStories } from './people-stories.ts'

const github = await startGitHub()

afterEach(() => {
  // What was asked of the stand-in and answered by it fits GitHub's own description.
  expect(github.violations).toEqual([])
})
afterAll(() => github.close())

test.each([...ciStories, ...peopleStories])('$name', async (story) => {
  const { token, isOver, ...place } = await beginStory(github, story)
  await live(place.world, { apiUrl: github.apiUrl, token, idle: github.idle, until: isOver })
  if (story.see)
    expect(await story.see(place)).toEqual(story.expected)
})

test.each([
  ['GitHub is down for a while', { kind: 'down' }, 'GitHub cannot be reached'],
  ['a proxy answers for GitHub', { kind: 'status', status: 502 }, 'GitHub answered 502'],
  ['the hour\'s requests are used up', { kind: 'rate-limited', resetSeconds: 3600 }, 'rate limit is reached'],
  ['it was too much at once', { kind: 'secondary-rate-limited', retryAfterSeconds: 3600 }, 'rate limit is reached'],
] as const)('%s: the task says so, and goes on when it is over', async (_, fault, why) => {
  const { token, world } = await beginStory(github, must(ciStories[1], 'a story with a fix'))
  let end: (() => void) | null = null
  let said = ''
  await live(world, {
    apiUrl: github.apiUrl,
    token,
    idle: github.idle,
    until: ({ task }) => {
      const { state, blocked } = task()
      if (state.status === 'checking' && end === null)
        end = github.fault(fault)
      if (blocked && said === '') {
        said = blocked.why
        end?.()
      }
      return state.status === 'in_review'
    },
  })
  expect(said).toContain(why)
  expect(world.task()).toMatchObject({ blocked: null, fixes: 1 })
})
