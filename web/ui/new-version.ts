import { words } from './words.ts';

/** What an open page does once the program behind it was renewed (新版本): its parts are then gone under the names it knows, and only the page read anew finds them. */

const mark = 'bihuan.renewed';

/** The script a page begins with, by which one version of it is told from another; null where it names none. */
export const entryOf = (html: string): string | null => /<script\b[^>]*\bsrc="([^"]*\/assets\/[^"]+\.js)"/u.exec(html)?.[1] ?? null;

/**
 * Whether to read the page anew: only where the server has another version than the one that is open, and once for each such version, so that nothing turns in circles
 * behind a cache that gives out the old one.
 *
 * @param renewedFor the version that was reloaded for before
 */
export const isRenewed = (open: string | null, served: string | null, renewedFor: string | null): boolean => open !== null && served !== null && open !== served && served !== renewedFor;

const kept = {
  read: (): string | null => {
    try {
      return sessionStorage.getItem(mark);
    } catch {
      return null;
    }
  },
  /** False where nothing can be kept: then nobody would know that it was done. */
  write: (version: string): boolean => {
    try {
      sessionStorage.setItem(mark, version);
      return true;
    } catch {
      return false;
    }
  },
};

/** Looks whether a part could not be fetched because the program was renewed, and then says so and reads the page anew. What is being written is kept as it is typed. */
async function renew(): Promise<void> {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store' });
  if (!answer.ok) return;
  const served = entryOf(await answer.text());
  const open = [...document.scripts].map((script) => script.getAttribute('src')).find((source) => source?.includes('/assets/')) ?? null;
  if (!isRenewed(open, served, kept.read()) || !kept.write(served!)) return;
  const line = document.createElement('p');
  line.className = 'bh-renewed';
  line.setAttribute('role', 'status');
  line.textContent = words('problem.renewed');
  document.body.append(line);
  setTimeout(() => location.reload(), 1_500);
}

/** From now on, parts that are gone since the program was renewed make the page be read anew (发现新版本自动刷新). */
export function followVersions(): void {
  let looking = false;
  addEventListener('vite:preloadError', () => {
    if (looking) return;
    looking = true;
    // Without a network nothing can be said of versions.
    void renew().catch(() => {}).finally(() => (looking = false));
  });
}
