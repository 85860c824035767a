import { useLocalStorage } from '@vueuse/core'
import { computed, watchEffect } from 'vue'

export type Theme = 'system' | 'light' | 'dark'
const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }
const LABEL: Record<Theme, string> = { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' }

export function useTheme() {
  const theme = useLocalStorage<Theme>('mainloop.theme', 'system')
  watchEffect(() => {
    if (theme.value === 'system')
      delete document.documentElement.dataset.theme
    else
      document.documentElement.dataset.theme = theme.value
  })
  return {
    theme,
    label: computed(() => LABEL[theme.value]),
    next: () => void (theme.value = NEXT[theme.value]),
  }
}
