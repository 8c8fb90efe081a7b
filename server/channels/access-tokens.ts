import type { ChannelTools, OpenAccount } from './notice-channel.ts';

interface Kept {
  token: Promise<string>;
  until: number;
}

/**
 * Access tokens of platforms (访问令牌缓存), fetched once for all who need one at the same moment and kept in memory until shortly before they
 * end: whoever loses them asks for new ones.
 */
export function openTokens(): { get(account: OpenAccount, tools: ChannelTools, fetch: () => Promise<{ token: string; seconds: number }>): Promise<string>; forget(account: OpenAccount): void } {
  const kept = new Map<string, Kept>();
  // A change of the account leaves the old entry behind: few, and dropped when there are many.
  const most = 1_000;
  return {
    get(account, tools, fetch) {
      const now = tools.now().getTime();
      const known = kept.get(account.identity);
      if (known && known.until > now) return known.token;
      if (kept.size >= most) kept.clear();
      const entry: Kept = { token: Promise.resolve(''), until: now + 60_000 };
      entry.token = fetch().then(({ token, seconds }) => {
        // Asked anew a good while before the end, as clocks differ.
        entry.until = tools.now().getTime() + Math.max(30, seconds - Math.min(300, seconds / 10)) * 1_000;
        return token;
      });
      kept.set(account.identity, entry);
      entry.token.catch(() => kept.get(account.identity) === entry && kept.delete(account.identity));
      return entry.token;
    },
    forget: (account) => void kept.delete(account.identity),
  };
}
