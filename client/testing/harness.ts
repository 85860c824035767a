import type { VueWrapper } from '@vue/test-utils'
import type { Component, Ref, ShallowRef } from 'vue'
import type { Json } from '#shared/model/json.ts'
import type { MutatorName } from '#shared/mutators/index.ts'
import type { ConnectionState } from '../lib/connection-state.ts'
import type { Mainloop } from '../state/mainloop.ts'
import type { RowChange } from '../sync/initial-rows.ts'
import { mount } from '@vue/test-utils'
import { defineComponent, h, provide, ref, shallowRef } from 'vue'
import { mutators } from '#shared/mutators/index.ts'
import { useComposition } from '../composables/useComposition.ts'
import { provideRouter } from '../composables/useRouter.ts'
import { prepareFile } from '../lib/prepare-file.ts'
import { createAttachments } from '../state/attachments.ts'
import { openFileStore } from '../state/file-store.ts'
import { createLiveTexts } from '../state/live-texts.ts'
import { createLogs } from '../state/logs.ts'
import { MAINLOOP } from '../state/mainloop.ts'
import { createRows } from '../state/rows.ts'
import { createUndoQueue } from '../state/undo-queue.ts'

// The DOM of the tests has no layout, and so no scrolling.
Element.prototype.scrollTo ??= () => {}
Element.prototype.scrollIntoView ??= () => {}

export interface Harness {
  mainloop: Mainloop
  connection: Ref<ConnectionState>
  stuck: ShallowRef<string | null>
  unsaved: ShallowRef<number | null>
  /** The mutations that the page made, as `name {args}`. */
  calls: string[]
  set: (rows: Record<string, Json>) => void
  /** Makes every further mutation reject with this error. */
  refuse: (error: Error) => void
  mount: (component: Component, props?: Record<string, unknown>) => VueWrapper
}

/** Mounts components over rows that the test writes, with no edge behind them. */
export function createHarness(): Harness {
  const { rows, apply } = createRows()
  const connection = ref<ConnectionState>('live')
  const stuck = shallowRef<string | null>(null)
  const unsaved = shallowRef<number | null>(null)
  const calls: string[] = []
  let refusal: Error | null = null
  const mutate = Object.fromEntries(Object.keys(mutators).map(name => [name, (args: unknown) => {
    // IndexedDB clones its values and cannot clone a proxy, so a mutation with one would be lost.
    calls.push(`${name} ${JSON.stringify(structuredClone(args))}`)
    return refusal ? Promise.reject(refusal) : Promise.resolve()
  }])) as Record<MutatorName, () => Promise<void>>
  const mainloop: Mainloop = {
    rows,
    texts: createLiveTexts(rows.thread),
    logs: createLogs(() => Promise.resolve(new Response('{"lines":[],"more":false}'))),
    attachments: createAttachments({
      store: openFileStore('harness', 'mem'),
      prepare: file => prepareFile(file, async blob => ({ blob, mime: 'image/png', width: 800, height: 600 })),
      fetchFn: () => Promise.reject(new Error('There is no edge here.')),
    }),
    connection,
    offlineSince: shallowRef(null),
    stuck,
    unsaved,
    stale: ref(false),
    mutate,
    isOwn: clientID => clientID !== 'another',
    undoQueue: createUndoQueue({
      decide: mutate.decideTask,
      storage: localStorage,
      now: Date.now,
      later: (run, ms) => void setTimeout(run, ms),
    }),
    loadHistory: () => Promise.resolve(null),
    setPresence: () => {},
    wake: () => void calls.push('wake'),
    close: () => Promise.resolve(),
  }

  return {
    mainloop,
    connection,
    stuck,
    unsaved,
    calls,
    set: values => apply(Object.entries(values).map(([key, value]): RowChange => ({ key, value }))),
    refuse: error => void (refusal = error),
    mount: (component, props = {}) => mount(defineComponent({
      setup() {
        provide(MAINLOOP, mainloop)
        provideRouter()
        useComposition()
        return () => h(component, props)
      },
    }), { attachTo: document.body }),
  }
}
