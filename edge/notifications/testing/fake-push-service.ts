import type { Notice } from '#shared/protocol/notifications.ts'
import { must } from '#shared/lib/must.ts'
import { notice } from '#shared/protocol/notifications.ts'
import { fromBase64url, toBase64url } from '../../auth/base64url.ts'

/** A browser with its keys, as a push service and a service worker know it. */
export interface FakeBrowser {
  subscription: { endpoint: string, keys: { p256dh: string, auth: string } }
  /** The notices that the service worker received, decrypted. */
  got: Notice[]
  /** The topics of the notices, which replace each other while a device sleeps. */
  topics: string[]
  /** The status of the push service's responses. */
  status: number
  /** The Retry-After header of its refusals. */
  retryAfter: string | null
  /** The number of calls. */
  calls: number
}

/**
 * A fake push service (RFC 8030) that is as strict as a real one: it checks the signature of RFC 8292 against the key of the subscription,
 * and decrypts by RFC 8291 as the browser would, with none of the sender's code.
 */
export function createFakePushService(applicationServerKey: string) {
  const browsers = new Map<string, FakeBrowser & { keys: CryptoKeyPair, auth: Uint8Array }>()

  async function subscribe(name: string): Promise<FakeBrowser> {
    const keys = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']) as CryptoKeyPair
    const auth = crypto.getRandomValues(new Uint8Array(16))
    const endpoint = `https://push.example/${name}`
    const subscription = { endpoint, keys: { p256dh: toBase64url(await raw(keys.publicKey)), auth: toBase64url(auth) } }
    const browser = { subscription, got: [], topics: [], status: 201, retryAfter: null, calls: 0, keys, auth }
    browsers.set(endpoint, browser)
    return browser
  }

  async function receive(url: string, init: RequestInit): Promise<Response> {
    const request = new Request(url, init)
    const browser = browsers.get(url)
    if (!browser)
      return new Response(null, { status: 404 })
    browser.calls++
    if (browser.status !== 201)
      return new Response(null, { status: browser.status, headers: browser.retryAfter === null ? {} : { 'Retry-After': browser.retryAfter } })
    check('the method', request.method === 'POST')
    check('TTL', /^\d+$/.test(request.headers.get('TTL') ?? ''))
    check('the encoding', request.headers.get('Content-Encoding') === 'aes128gcm')
    const topic = request.headers.get('Topic') ?? ''
    check('the topic', /^[\w-]{1,32}$/.test(topic))
    await checkVapid(request.headers.get('Authorization') ?? '', new URL(url).origin, applicationServerKey)
    const body = new Uint8Array(await request.arrayBuffer())
    check('the size', body.length <= 4096)
    browser.topics.push(topic)
    browser.got.push(notice.parse(JSON.parse(await decrypt(body, browser))))
    return new Response(null, { status: 201, headers: { Location: `${url}/message` } })
  }

  return { subscribe, receive }
}

function check(what: string, right: boolean): asserts right {
  if (!right)
    throw new Error(`the push service would refuse it: ${what}`)
}

/** RFC 8292 §2 and §3: a JWT for this service, signed by the key that is named, which is the one the browser knows. */
async function checkVapid(header: string, audience: string, expected: string): Promise<void> {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(header) ?? []
  check('the key', key === expected)
  const [head = '', claims = '', signature = ''] = token.split('.')
  const publicKey = await crypto.subtle.importKey('raw', bytes(key), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
  check('the signature', await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, bytes(signature), utf8(`${head}.${claims}`)))
  check('the algorithm', JSON.parse(text(bytes(head))).alg === 'ES256')
  const { aud, exp, sub } = JSON.parse(text(bytes(claims)))
  const now = Date.now() / 1000
  check('the audience', aud === audience)
  check('the expiry', exp > now && exp <= now + 24 * 3600)
  check('the contact', /^(?:mailto:|https:\/\/)/.test(sub))
}

/** RFC 8291 §3.4 over RFC 8188, one record. */
async function decrypt(body: Uint8Array, { keys, auth }: { keys: CryptoKeyPair, auth: Uint8Array }): Promise<string> {
  const salt = body.slice(0, 16)
  const length = must(body[20], 'the length of the key')
  const theirs = body.slice(21, 21 + length)
  const sender = await crypto.subtle.importKey('raw', theirs, { name: 'ECDH', namedCurve: 'P-256' }, false, [])
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: sender } as SubtleCryptoDeriveKeyAlgorithm, keys.privateKey, 256))
  const info = new Uint8Array([...utf8('WebPush: info\0'), ...await raw(keys.publicKey), ...theirs])
  const ikm = await hkdf(shared, auth, info, 32)
  const key = await crypto.subtle.importKey('raw', await hkdf(ikm, salt, utf8('Content-Encoding: aes128gcm\0'), 16), 'AES-GCM', false, ['decrypt'])
  const iv = await hkdf(ikm, salt, utf8('Content-Encoding: nonce\0'), 12)
  const plain = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, body.slice(21 + length)))
  const end = plain.lastIndexOf(2)
  check('the padding', end !== -1 && plain.slice(end + 1).every(byte => byte === 0))
  return text(plain.slice(0, end))
}

async function hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, length * 8))
}

async function raw(key: CryptoKey): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.exportKey('raw', key) as ArrayBuffer)
}

const utf8 = (value: string) => new TextEncoder().encode(value)
const text = (value: Uint8Array) => new TextDecoder().decode(value)
const bytes = (value: string) => must(fromBase64url(value), 'base64url')
