/** Names a usage limit of the provider for the end of a sentence. */
export function limitName(claim: string | undefined): string {
  switch (claim) {
    case 'five_hour': return 'five-hour usage limit'
    case 'seven_day': return 'weekly usage limit'
    default: return 'usage limit'
  }
}
