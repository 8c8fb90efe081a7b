const browsers: readonly [RegExp, string][] = [[/MicroMessenger/, '微信 WeChat'], [/Edg\//, 'Edge'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']];
const systems: readonly [RegExp, string][] = [[/Windows/, 'Windows'], [/iPhone|iPad/, 'iOS'], [/Android/, 'Android'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']];

/** A browser's own description as people know it: `Chrome · Windows`; null when it tells nothing known. */
export function deviceOf(userAgent: string | null): string | null {
  if (userAgent === null) return null;
  const parts = [browsers, systems].map((table) => table.find(([pattern]) => pattern.test(userAgent))?.[1]).filter((part) => part !== undefined);
  return parts.length === 0 ? userAgent.slice(0, 60) || null : parts.join(' · ');
}
