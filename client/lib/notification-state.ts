/** The state of notifications on this device. */
export type NotificationState = 'unsupported' | 'install-first' | 'blocked' | 'off' | 'on'

export interface NotificationFacts {
  /** The browser has Web Push, and this page has its service worker. */
  supported: boolean
  /** An iPhone or iPad, where only an app on the Home Screen has Web Push. */
  apple: boolean
  permission: NotificationPermission
  /** Endpoint of this browser's subscription; null without one. */
  browserEndpoint: string | null
  /** Endpoint that the edge has for this device; null without one. */
  edgeEndpoint: string | null
}

export function notificationState(facts: NotificationFacts): NotificationState {
  const { supported, apple, permission, browserEndpoint, edgeEndpoint } = facts
  if (!supported)
    return apple ? 'install-first' : 'unsupported'
  if (permission === 'denied')
    return 'blocked'
  const isSubscribed = browserEndpoint !== null && browserEndpoint === edgeEndpoint
  return permission === 'granted' && isSubscribed ? 'on' : 'off'
}

export const NOTIFICATION_MESSAGE: Record<NotificationState, string> = {
  'unsupported': 'This browser cannot be notified. Open mainloop in another one to be told here.',
  'install-first':
    'On an iPhone or iPad, first put mainloop on the Home Screen (Share, then Add to Home Screen), '
    + 'and open it from there.',
  'blocked':
    'Notifications of this site are blocked in the browser. Allow them in its site settings, beside the address, '
    + 'and come back.',
  'off': 'Off. This device says nothing while mainloop is closed.',
  'on':
    'On. This device tells you when a plan, a question, a pull request, a failure or a reply waits for you, '
    + 'and nothing you have seen already.',
}
