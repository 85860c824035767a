import { expect, test } from 'vitest'
import { answerClose } from './answer-close.ts'

test.each([
  [1000, [1000, 'done']],
  [1001, [1001, 'done']],
  [1011, [1011, 'done']],
  [4123, [4123, 'done']],
  [4999, [4999, 'done']],
  [0, []],
  [999, []],
  [1004, []],
  [1005, []],
  [1015, []],
  [5000, []],
])('a close with %i is answered with %j', (code, answer) => {
  const { 0: client, 1: ws } = new WebSocketPair()
  client.accept()
  ws.accept()
  const sent: unknown[][] = []
  answerClose({
    close: (...args) => {
      sent.push(args)
      ws.close(...args)
    },
  }, code, 'done')
  expect(sent).toEqual([answer])
})

test('a connection that ended without a close frame is not answered', () => {
  const sent: unknown[][] = []
  answerClose({ close: (...args) => sent.push(args) }, 1006, '')
  expect(sent).toEqual([])
})
