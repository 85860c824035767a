import type { Mainloop } from '../state/mainloop.ts'
import { inject } from 'vue'
import { must } from '#shared/lib/must.ts'
import { MAINLOOP } from '../state/mainloop.ts'

export function useMainloop(): Mainloop {
  return must(inject(MAINLOOP), 'the mainloop that SignedIn.vue provides')
}
