import ipaddr from 'ipaddr.js';

/**
 * What counts as one sender (来源网络): an IPv4 address, also one that is written in IPv6, or the 64 bits of an IPv6
 * network, as one connection has all addresses of it. What is no address stays as it is.
 */
export function networkOf(address: string): string {
  if (!address.includes(':') || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, 8).join('.') : parsed.toString();
}
