const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

/** The full date and time, for tooltips. */
export function exactTime(at: number): string {
  return exact.format(at)
}

export function clockTime(at: number): string {
  return clock.format(at)
}

export function dayKey(at: number): string {
  return new Date(at).toDateString()
}

export function dayName(at: number, now: number): string {
  if (dayKey(at) === dayKey(now))
    return 'Today'
  // Not 24 hours ago: the days on which clocks change have 23 or 25.
  const yesterday = new Date(now)
  yesterday.setDate(yesterday.getDate() - 1)
  return dayKey(at) === dayKey(yesterday.getTime()) ? 'Yesterday' : day.format(at)
}

/** Amounts below a cent are shown as `< $0.01`, since `$0.00` would look free. */
export function dollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? '< $0.01' : money.format(amount)
}

/** A rounded number of tokens: `12.3K`. */
export function tokenCount(tokens: number): string {
  return compact.format(tokens)
}

/** A rounded size: `512 bytes`, `12 kB`, `3.5 MB`. */
export function fileSize(bytes: number): string {
  if (bytes < 1_000)
    return `${bytes} bytes`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${Number((bytes / 1_000_000).toFixed(1))} MB`
}
