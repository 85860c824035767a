import { expect, test } from 'vitest'
import { isPushService } from './push-service.ts'

test.each([
  ['https://fcm.googleapis.com/fcm/send/abc', true],
  ['https://updates.push.services.mozilla.com/wpush/v2/abc', true],
  ['https://web.push.apple.com/abc', true],
  ['https://wns2-par02p.notify.windows.com/w/?token=abc', true],
  ['https://push.example/abc', true],
  ['https://a.push.test/abc', true],
  ['http://fcm.googleapis.com/fcm/send/abc', false],
  ['https://fcm.googleapis.com:8443/fcm/send/abc', false],
  [`https://${'user'}:word@fcm.googleapis.com/abc`, false],
  ['https://fcm.googleapis.com.evil.example/abc', false],
  ['https://evilpush.apple.com/abc', false],
  ['https://push.apple.com.:443/abc', false],
  ['https://push.test/abc', false],
  ['https://localhost/abc', false],
  ['https://127.0.0.1/abc', false],
  ['https://2130706433/abc', false],
  ['https://[::1]/abc', false],
  ['https://[::ffff:10.0.0.1]/abc', false],
  ['https://10.0.0.1/abc', false],
  ['https://169.254.169.254/latest/meta-data', false],
  ['https://metadata.google.internal/', false],
  ['file:///etc/passwd', false],
  ['data:text/plain,https://fcm.googleapis.com', false],
  ['//fcm.googleapis.com/abc', false],
  ['', false],
])('%s', (endpoint, known) => {
  expect(isPushService(endpoint, ' push.example, *.push.test')).toBe(known)
})
