/**
 * Believes the nearest so many proxies when they say who the client is (可信代理). Hops count from 0, which is the socket's
 * own address: with one proxy in front, that one is believed, and the address it names is the client's.
 */
export function trustedHops(count: number): (address: string, hop: number) => boolean {
  return (_address, hop) => hop < count;
}
