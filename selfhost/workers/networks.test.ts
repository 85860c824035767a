import { expect, test } from 'vitest'
import { isIn, parseNetworks, plainAddress } from './networks.ts'

test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['172.31.255.255', '172.16.0.0/12', true],
  ['172.32.0.0', '172.16.0.0/12', false],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.8', '192.0.2.7', false],
  ['::ffff:10.1.2.3', '10.0.0.0/8', true],
  ['fd7a:115c:a1e0::1', 'fd7a:115c:a1e0::/48', true],
  ['fd7a:115c:a1e1::1', 'fd7a:115c:a1e0::/48', false],
  ['::1', '127.0.0.1, ::1', true],
  ['1.2.3.4', '0.0.0.0/0', true],
  ['::1', '0.0.0.0/0', false],
  ['anything', '0.0.0.0/0', false],
  ['', '0.0.0.0/0', false],
])('%s in %s: %s', (address, networks, expected) => {
  expect(isIn(parseNetworks(networks), address)).toBe(expected)
})

test.each(['10.0.0.0/33', '10.0.0/8', 'proxy', '1.2.3.256', '01.2.3.4', '::/129', '1::2::3', ':', '10.0.0.0/8/9', '1:2:3', '10.0.0.0/-1'])(
  'the range %s is refused',
  text => expect(() => parseNetworks(text)).toThrow(`neither an address nor a range such as 10.0.0.0/8: ${text}`),
)

test('no networks are an empty list', () => {
  expect(parseNetworks(' , ')).toEqual([])
})

test.each([
  ['127.0.0.1:4000', '127.0.0.1'],
  ['[::1]:4000', '::1'],
  ['[::ffff:10.0.0.1]:80', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['FD00::1', 'fd00::1'],
  ['10.0.0.1', '10.0.0.1'],
  ['unix:/socket', null],
  ['10.0.0.1, 10.0.0.2', null],
])('%s is the address %s', (text, expected) => {
  expect(plainAddress(text)).toBe(expected)
})
