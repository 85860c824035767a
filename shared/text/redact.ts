const HIDDEN = '[redacted]'

/** Shorter secrets would hide ordinary words. Characters. */
const MIN_SECRET_LENGTH = 8

/**
 * The shapes of known credentials; `$1` is kept. Every repetition is
 * bounded or cannot fail, so that every text takes linear time.
 */
const PATTERNS: readonly [pattern: RegExp, kept: string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g, HIDDEN],
  [/\bml[dgmrs]\.[a-z\d-]{1,32}\.[\w-]{1,64}\.[\w-]{16,}/g, HIDDEN],
  [/(#(?:setup|pair)=)[\w.-]{8,}/g, `$1${HIDDEN}`],
  [/\bgh[opsur]_[\w.-]{16,}/g, HIDDEN],
  [/\bgithub_pat_\w{16,}/g, HIDDEN],
  [/\bsk-[\w-]{16,}/g, HIDDEN],
  [/\b(?:AKIA|ASIA)[A-Z\d]{16}\b/g, HIDDEN],
  [/\bxox[abeoprs]-[\w-]{10,}/g, HIDDEN],
  [/(hooks\.slack\.com\/services\/)[\w/]{20,}/g, `$1${HIDDEN}`],
  [/\b(?:sk|rk|pk|whsec)_(?:live|test)?_?[A-Za-z\d]{20,}/g, HIDDEN],
  [/\btskey-[\w-]{10,}/g, HIDDEN],
  [/\bhf_[A-Za-z\d]{20,}/g, HIDDEN],
  [/\bpypi-[\w-]{30,}/g, HIDDEN],
  [/\bya29\.[\w-]{20,}/g, HIDDEN],
  [/\bSG\.[\w-]{16,64}\.[\w-]{16,64}/g, HIDDEN],
  [/\bops_eyJ[\w-]{20,}/g, HIDDEN],
  [/\bnpm_[A-Za-z\d]{20,}/g, HIDDEN],
  [/\bglpat-[\w-]{16,}/g, HIDDEN],
  [/\bAIza[\w-]{30,}/g, HIDDEN],
  [/\beyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{8,}/g, HIDDEN],
  [/\b(authorization\s*[:=]\s*["']?(?:basic|bearer|token)\s+)[\w.~+/=-]{6,}/gi, `$1${HIDDEN}`],
  [/\b(x-api-key\s*[:=]\s*["']?)[\w.~+/=-]{6,}/gi, `$1${HIDDEN}`],
  [
    /([?&](?:access_token|api_key|apikey|client_secret|password|secret|signature|sig|token)=)[^\s&#"']{6,}/gi,
    `$1${HIDDEN}`,
  ],
  // An assignment in a shell: with spaces around the sign it is code.
  [/(\b[A-Z][A-Z\d_]{0,60}(?:TOKEN|SECRET|PASSWORD|API_KEY|ACCESS_KEY)=["']?)[\w.~+/=-]{6,}/g, `$1${HIDDEN}`],
  [/([a-z][a-z\d+.-]{0,30}:\/\/)[^\s/@"']{1,500}@/gi, `$1${HIDDEN}@`],
]

/** Replaces the known secrets, also URL-encoded or in base64, and everything with the shape of a credential. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets
    .filter(secret => secret.length >= MIN_SECRET_LENGTH)
    .flatMap(secret => [secret, encodeURIComponent(secret), base64(secret), basic(secret)])
    .sort((a, b) => b.length - a.length)
  return text => PATTERNS.reduce(
    (cleaned, [pattern, kept]) => cleaned.replace(pattern, kept),
    known.reduce((cleaned, secret) => cleaned.replaceAll(secret, HIDDEN), text),
  )
}

/** The credential in the header `Authorization: Basic` that git sends for a token. */
export function basic(token: string): string {
  return base64(`x-access-token:${token}`)
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 of the text's UTF-8. By hand, because this also runs where neither Buffer nor `toBase64` exists. */
function base64(text: string): string {
  const bytes = [...encodeURIComponent(text).matchAll(/%([\dA-F]{2})|[^%]/g)].map(([one, hex]) =>
    hex ? Number.parseInt(hex, 16) : one.charCodeAt(0),
  )
  let encoded = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(i, i + 3)
    encoded += [a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63].map(n => ALPHABET[n]).join('')
  }
  const missing = (3 - bytes.length % 3) % 3
  return missing === 0 ? encoded : encoded.slice(0, -missing) + '='.repeat(missing)
}
