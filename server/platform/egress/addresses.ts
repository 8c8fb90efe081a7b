import { BlockList, isIP } from 'node:net';

// IANA special-purpose registries (RFC 6890 and its updates): this machine, private and shared networks, link-local with
// the metadata services of clouds, multicast, documentation, and prefixes in which an IPv4 address is wrapped.
const ranges: readonly [string, number, 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'], ['10.0.0.0', 8, 'ipv4'], ['100.64.0.0', 10, 'ipv4'], ['127.0.0.0', 8, 'ipv4'], ['169.254.0.0', 16, 'ipv4'], ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'], ['192.0.2.0', 24, 'ipv4'], ['192.88.99.0', 24, 'ipv4'], ['192.168.0.0', 16, 'ipv4'], ['198.18.0.0', 15, 'ipv4'], ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'], ['224.0.0.0', 4, 'ipv4'], ['240.0.0.0', 4, 'ipv4'],
  ['::', 96, 'ipv6'], ['64:ff9b::', 96, 'ipv6'], ['64:ff9b:1::', 48, 'ipv6'], ['100::', 64, 'ipv6'], ['2001::', 23, 'ipv6'], ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'], ['3fff::', 20, 'ipv6'], ['5f00::', 16, 'ipv6'], ['fc00::', 7, 'ipv6'], ['fe80::', 10, 'ipv6'], ['fec0::', 10, 'ipv6'], ['ff00::', 8, 'ipv6'],
];
const internal = new BlockList();
for (const [network, prefix, family] of ranges) internal.addSubnet(network, prefix, family);

/** Whether an address lies within this machine or an internal network (内网地址); what is no address counts as one. */
export function isPrivate(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return true;
  // An IPv4 address in the dress of IPv6 is looked at as the IPv4 address it is.
  return internal.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
