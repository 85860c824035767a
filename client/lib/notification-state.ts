/** How notifications stand on this device, and what there is to do about it. */
export type NotificationState = 'unsupported' | 'install-first' | 'blocked' | 'off' | 'on'

export interface NotificationFacts {
  /** The browser can be pushed to, and this page has its service worker. */
  supported: boolean
  /** A phone or tablet of Apple, where only an app on the Home Screen is pushed to. */
  apple: boolean
  permission: NotificationPermission
  /** Where this browser is pushed to, and where the edge would push; null: nowhere. */
  mine: string | null
  theirs: string | null
}

export function notificationState({
  supported,
  apple,
  permission,
  mine,
  theirs,
}: NotificationFacts): NotificationState {
  if (!supported)
    return apple ? 'install-first' : 'unsupported'
  if (permission === 'denied')
    return 'blocked'
  return permission === 'granted' && mine !== null && mine === theirs ? 'on' : 'off'
}

export const NOTIFICATION_WORDS: Record<NotificationState, string> = {
  'unsupported': 'This browser cannot be notified. Open mainloop in another one to be told here.',
  'install-first':
    'On an iPhone or iPad, first put mainloop on the Home Screen (Share, then Add to Home Screen), and open it from there.',
  'blocked':
    'Notifications of this site are blocked in the browser. Allow them in its site settings, beside the address, and come back.',
  'off': 'Off. This device says nothing while mainloop is closed.',
  'on': 'On. This device tells you when a plan, a question, a pull request, a failure or a reply waits for you, and nothing you have seen already.',
}
