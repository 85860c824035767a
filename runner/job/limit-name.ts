/** What the provider calls a usage limit, in words that end a sentence. */
export function limitName(claim: string | undefined): string {
  switch (claim) {
    case 'five_hour': return 'five-hour usage limit'
    case 'seven_day': return 'weekly usage limit'
    default: return 'usage limit'
  }
}
