import { expect, test } from 'vitest'
import { clientAddress } from './client-address.ts'
import { parseNetworks } from './networks.ts'

const proxies = parseNetworks('127.0.0.1, 10.0.0.0/8')

test.each([
  ['a trusted proxy names the client', '10.1.2.3:900', '192.0.2.1', '192.0.2.1'],
  ['only the last hop is the proxy\'s own', '127.0.0.1:900', '198.51.100.9, 192.0.2.1', '192.0.2.1'],
  ['another peer is the client, whatever it says', '192.0.2.7:900', '198.51.100.9', '192.0.2.7'],
  ['a trusted proxy that names nobody is the client', '10.1.2.3:900', null, '10.1.2.3'],
  ['what is no address is not believed', '10.1.2.3:900', 'unknown', '10.1.2.3'],
  ['an IPv6 client', '10.1.2.3:900', '2001:db8::1', '2001:db8::1'],
  ['a peer of unknown address has none', undefined, '192.0.2.1', null],
])('%s', (_, peer, forwardedFor, expected) => {
  expect(clientAddress({ peer, forwardedFor }, proxies)).toBe(expected)
})
