const directives = Object.entries({
  'default-src': "'self'", 'base-uri': "'none'", 'object-src': "'none'", 'form-action': "'self'", 'frame-ancestors': "'none'",
  'script-src': "'self'", 'style-src': "'self' 'unsafe-inline'", 'font-src': "'self' data:",
  'img-src': "'self' data: blob:", 'media-src': "'self' blob:", 'connect-src': "'self'",
  'worker-src': "'self' blob:", 'manifest-src': "'self'",
});
const contentSecurityPolicy = directives.map(([directive, sources]) => `${directive} ${sources}`).join(';');

/** The same policy for a page that pages of some other origins may hold (可嵌入页面策略), and no others. */
export const policyHeldBy = (origins: readonly string[]): string => directives.map(([directive, sources]) => `${directive} ${directive === 'frame-ancestors' ? ["'self'", ...origins].join(' ') : sources}`).join(';');

/** The same policy for pages that draw maps on tiles of these addresses (地图页面策略): images of just these hosts, and nothing else of theirs. */
export const policyShowing = (tiles: readonly string[]): string => {
  const hosts = [...new Set(tiles.map((tile) => new URL(tile.replaceAll(/\{[zxy]\}/g, '0')).origin))];
  return directives.map(([directive, sources]) => `${directive} ${[sources, ...(directive === 'img-src' ? hosts : [])].join(' ')}`).join(';');
};

/**
 * What every answer says to browsers (安全响应头): no foreign scripts, no frames, no guessing of types. The same for all
 * answers, so they are made once.
 *
 * @param secure whether people reach the program by https only
 */
export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': 'geolocation=(self), camera=(self), microphone=(self)',
    'referrer-policy': 'same-origin',
    ...(secure ? { 'strict-transport-security': 'max-age=15552000' } : {}),
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-frame-options': 'DENY',
    'x-permitted-cross-domain-policies': 'none',
    'x-xss-protection': '0',
  };
}
