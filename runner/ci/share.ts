/** Divides `total` fairly: small needs are met in full, and the rest is split evenly among the larger ones. */
export function share(needs: readonly number[], total: number): number[] {
  const shares = Array.from(needs, () => 0)
  let left = total
  let waiting = needs.map((need, index) => ({ need, index })).sort((a, b) => a.need - b.need)
  while (waiting.length > 0) {
    const [smallest, ...larger] = waiting
    if (!smallest)
      break
    const fair = Math.min(smallest.need, Math.floor(left / waiting.length))
    shares[smallest.index] = fair
    left -= fair
    waiting = larger
  }
  return shares
}
