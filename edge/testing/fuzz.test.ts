import { exports } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRepository } from '#shared/model/repository.ts'
import { newToken, pairingClaim } from '#shared/protocol/access.ts'
import { liveDown, liveUp } from '#shared/protocol/live.ts'
import { createPartsJoiner } from '#shared/protocol/parts.ts'
import { runnerDown, runnerUp } from '#shared/protocol/runner.ts'
import { printable } from '#shared/text/printable.ts'
import { createRedactor } from '#shared/text/redact.ts'
import { networkOf } from '../auth/client-address.ts'
import { personOf } from '../auth/signed-token.ts'
import { parseDelivery } from '../github/parse-delivery.ts'
import { EdgeError } from '../http/edge-error.ts'
import { parseRequestJson } from '../http/parse-request-json.ts'
import { readShortCode } from '../pairing/short-code.ts'
import { parseRunnerFrame } from '../runner-connection/parse-runner-frame.ts'
import { parsePull, parsePush } from '../sync/parse-replicache.ts'
import { readLiveFrame } from '../sync/read-live-frame.ts'
import { ORIGIN } from './harness.ts'

/** Input from outside: any text, JSON of any shape, and objects with the expected names and other values. */
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.json(), almost().map(value => JSON.stringify(value)))
const RUNS = { numRuns: 400 }
const EVENTS = ['check_run', 'status', 'pull_request', 'issue_comment', 'push', 'repository', 'ping', 'constructor']

function almost(): fc.Arbitrary<unknown> {
  const field = fc.oneof(fc.jsonValue(), fc.constantFrom('push', 'pull', 'hello', 'report', 'part', 'log', 'welcome', 'poke', 1, -1, 2 ** 60, '__proto__'))
  return fc.dictionary(
    fc.constantFrom(
      'type',
      'request',
      'body',
      'pushVersion',
      'pullVersion',
      'cookie',
      'order',
      'clientGroupID',
      'mutations',
      'id',
      'name',
      'args',
      'protocol',
      'frame',
      'n',
      'last',
      'text',
      'action',
      'repository',
      'check_run',
      'pull_request',
      'issue',
      'ref',
      'sha',
      '__proto__',
      'constructor',
    ),
    field,
  )
}

describe('for any input, this returns a value or throws an error of a known kind', () => {
  const known: Record<string, (input: string) => unknown> = {
    'a body of JSON': parseRequestJson,
    'a push': input => parsePush(parseRequestJson(input)),
    'a pull': input => parsePull(parseRequestJson(input)),
    'a frame of a device': input => readLiveFrame(input, createPartsJoiner(1000)),
    'a frame of a runner': given => parseRunnerFrame(given, createPartsJoiner(1000)),
    'a delivery of GitHub': input => EVENTS.map(event => parseDelivery(event, parseRequestJson(input))),
    'the name of an event of GitHub': input => parseDelivery(input, {}),
    'a repository': parseRepository,
    'a short code': readShortCode,
    'an address': networkOf,
    'a name': printable,
    'a text to redact': createRedactor(['a-known-secret']),
    'the unions of the wires': input =>
      [liveUp, liveDown, runnerUp, runnerDown, newToken, pairingClaim].map(schema => schema.safeParse(parseRequestJson(input)).success),
  }

  test.each(Object.entries(known))('%s', (_, read) => {
    fc.assert(fc.property(text, (input) => {
      try {
        read(input)
      }
      catch (error) {
        // Any other error is a bug of ours.
        expect(error).toBeInstanceOf(EdgeError)
      }
    }), RUNS)
  })

  test('a token', async () => {
    await fc.assert(fc.asyncProperty(text, async input => await personOf('a-setup-secret-of-this-test', 'device', input) === null), RUNS)
  })
})

/** The statuses that a stranger can get; a 500 is a bug of ours. */
const STATUSES = [200, 400, 401, 403, 404, 413, 415, 421, 426, 429, 431]

test('the Worker answers any request of a stranger with an expected status, and pairs no device', async () => {
  // The runtime logs each header that is not ASCII, so there are few of those.
  const header = fc.oneof({ weight: 40, arbitrary: fc.string({ maxLength: 200 }) }, { weight: 1, arbitrary: fc.constantFrom('Zoë', '\u00A0\u00FF') })
  const path = fc.oneof(
    fc.webPath(),
    fc.constantFrom(
      '/api/session',
      '/api/pair',
      '/api/pair/claim',
      '/api/pair/finish',
      '/api/devices/%E0%A4%A',
      '/api/%2e%2e/runner',
      '//api/session',
      '/mcp',
      '/runner',
      '/github/webhook/%00',
      '/api/attachments/__proto__',
    ),
  )
  const requests = fc.record({
    path,
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'),
    cookie: fc.oneof(header, header.map(value => `__Host-mainloop=${value}`), header.map(value => `__Host-mainloop=mld.owner.${value}.${value}`)),
    authorization: fc.oneof(header, header.map(value => `Bearer ${value}`)),
    origin: fc.oneof(header, fc.constant(ORIGIN)),
    body: text,
  })
  await fc.assert(fc.asyncProperty(requests, fc.nat(), async ({ path, method, cookie, authorization, origin, body }, address) => {
    const headers = { 'Cookie': cookie, 'Authorization': authorization, 'Origin': origin, 'CF-Connecting-IP': `address ${address}` }
    const response = await exports.default.fetch(new Request(ORIGIN + path, { method, headers, ...method !== 'GET' && method !== 'HEAD' && { body } }))
    expect([path, method, STATUSES.includes(response.status)]).toEqual([path, method, true])
    expect(response.headers.get('Set-Cookie')).toBeNull()
    await response.arrayBuffer()
  }), { numRuns: 300 })
})
