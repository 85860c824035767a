import { ref, watch } from 'vue'
import { useInbox } from './useInbox.ts'
import { useMainloop } from './useMainloop.ts'

/**
 * The announcements for screen readers: a complete reply
 * or a new inbox item, never single words of a stream.
 */
export function useAnnouncements() {
  const { rows } = useMainloop()
  const { items } = useInbox()
  const announcement = ref('')

  watch(rows.thread, (thread, before) => {
    const last = thread.at(-1)?.message
    const previous = before.findLast(({ message }) => message.id === last?.id)?.message
    const wasStreaming = previous?.kind === 'claude' && previous.state === 'streaming'
    if (last?.kind === 'claude' && last.state === 'done' && wasStreaming)
      announcement.value = `Claude: ${last.text}`
  })
  watch(items, (now, before) => {
    const fresh = now.find(item => !before.some(({ task, since }) => task === item.task && since === item.since))
    const title = rows.tasks.value.find(({ id }) => id === fresh?.task)?.title
    if (title !== undefined)
      announcement.value = `In your inbox: ${title}`
  })

  return { announcement }
}
