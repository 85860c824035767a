import type { ReadonlyJSONValue, WriteTransaction } from 'replicache'
import { nanoid } from 'nanoid'
import { Replicache } from 'replicache'
import { txSuite } from '#shared/testing/tx-suite.ts'
import { clientTx } from './client-tx.ts'

txSuite('a device', async (test) => {
  let now = 0
  let mutator: (tx: WriteTransaction) => Promise<ReadonlyJSONValue | void> = () => Promise.resolve()
  const rep = new Replicache({
    name: nanoid(),
    kvStore: 'mem',
    logSinks: [],
    mutators: { run: (tx: WriteTransaction) => mutator(tx) },
  })
  await test({
    run: async (body) => {
      now += 1
      mutator = tx => body(clientTx(tx, now)) as Promise<ReadonlyJSONValue | void>
      return await rep.mutate.run() as Awaited<ReturnType<typeof body>>
    },
  })
  await rep.close()
})
