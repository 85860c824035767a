export function buildPeers(): Promise<string>
