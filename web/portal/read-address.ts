/**
 * Where in the portal one is. The server knows three addresses; what lies inside them stands behind the `#`, so that
 * a web view's own back button leads through it.
 */
export type Address =
  | { page: 'home' | 'mine' | 'signIn'; organization: string; asset: string | null }
  | { page: 'report'; organization: string; asset: string | null; category: string | null }
  | { page: 'sent'; organization: string; asset: string | null; token: string }
  | { page: 'scan'; token: string }
  | { page: 'progress'; token: string }
  | { page: 'unknown' };

function decode(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return part ?? '';
  }
}

/** Reads an address of the portal (地址). */
export function readAddress({ pathname, search, hash }: { pathname: string; search: string; hash: string }): Address {
  const [face, name] = pathname.split('/').filter((part) => part !== '').map(decode);
  if (name === undefined || name === '') return { page: 'unknown' };
  if (face === 't') return { page: 'progress', token: name };
  if (face === 'q') return { page: 'scan', token: name };
  if (face !== 'portal') return { page: 'unknown' };
  const asset = new URLSearchParams(search).get('asset');
  const [page, detail] = hash.replace(/^#\/?/, '').split('/').map(decode);
  const inside = { organization: name, asset: asset === '' ? null : asset };
  if (page === 'report') return { page: 'report', ...inside, category: detail === undefined || detail === '' || detail === 'other' ? null : detail };
  if (page === 'sent' && detail !== undefined && detail !== '') return { page: 'sent', ...inside, token: detail };
  if (page === 'mine') return { page: 'mine', ...inside };
  if (page === 'sign-in') return { page: 'signIn', ...inside };
  return { page: 'home', ...inside };
}

/** The address of an organization's portal. */
export function portalPath(organization: string): string {
  return `/portal/${encodeURIComponent(organization)}`;
}
