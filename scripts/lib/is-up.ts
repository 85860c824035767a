/** A loopback server that is up answers at once. */
const TIMEOUT_MS = 10_000

/** Whether what listens there says that all is well. */
export async function isUp(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
    await response.body?.cancel()
    return response.ok
  }
  catch (error) {
    // Nobody listens yet, or nobody answers yet; any other failure of a loopback request is a bug here.
    if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError'))
      return false
    throw error
  }
}
