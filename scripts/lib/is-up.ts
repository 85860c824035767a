/** Far more than a loopback server needs. */
const TIMEOUT_MS = 10_000

/** Whether a server answers at this loopback address with a success. */
export async function isUp(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
    await response.body?.cancel()
    return response.ok
  }
  catch (error) {
    // The server does not listen or answer yet. Any other failure of a loopback request is a bug.
    if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError'))
      return false
    throw error
  }
}
