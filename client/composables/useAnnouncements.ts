import { ref, watch } from 'vue'
import { useInbox } from './useInbox.ts'
import { useMainloop } from './useMainloop.ts'

/**
 * What a screen reader says by itself: a reply that is complete
 * and an item that is new; never single words of a stream.
 */
export function useAnnouncements() {
  const { rows } = useMainloop()
  const { items } = useInbox()
  const words = ref('')

  watch(rows.thread, (thread, before) => {
    const last = thread.at(-1)?.message
    const was = before.findLast(({ message }) => message.id === last?.id)?.message
    if (last?.kind === 'claude' && last.state === 'done' && was?.kind === 'claude' && was.state === 'streaming')
      words.value = `Claude: ${last.text}`
  })
  watch(items, (now, before) => {
    const fresh = now.find(item => !before.some(({ task, since }) => task === item.task && since === item.since))
    const title = rows.tasks.value.find(({ id }) => id === fresh?.task)?.title
    if (title !== undefined)
      words.value = `In your inbox: ${title}`
  })

  return { words }
}
