import { expect, test } from 'vitest'
import { pairPushClient } from '../harness/push-client.ts'
import { startSelfHosted } from './start-self-hosted.ts'

const KILLS = 5
/** Messages that are acknowledged between two kills, at least. */
const MESSAGES = 10

test('an edge that is killed in the middle of pushes loses nothing that it acknowledged', async () => {
  await using home = await startSelfHosted()
  const client = await pairPushClient(home.edge.url, home.setupSecret)
  for (let kill = 1; kill <= KILLS; kill++) {
    const enough = Promise.withResolvers<void>()
    const pushing = (async () => {
      for (let n = 1; await client.send(`message ${kill}.${n}`); n++) {
        if (n === MESSAGES)
          enough.resolve()
      }
      // Also when it failed before.
      enough.resolve()
    })()
    await enough.promise
    await home.edge.kill()
    await pushing
    await home.edge.start()
  }
  await client.send('the last message')

  const texts = await client.texts()
  expect(client.acknowledged.length).toBeGreaterThanOrEqual(KILLS * MESSAGES)
  expect(client.acknowledged.filter(text => !texts.includes(text))).toEqual([])
  expect(texts).toHaveLength(new Set(texts).size)
})
