/** A message that has not left this browser. */
export interface Waiting {
  key: string;
  body: string;
  uploads: { token: string; name: string; mediaType: string }[];
  at: string;
}

/** What this browser remembers of a chat (本机记忆), for as long as it lets us: the visit's token, what waits to be sent, what was read. */
interface Memory {
  token: string | null;
  /** Whose visit it is, where the website vouches for somebody. */
  user: string | null;
  waiting: Waiting[];
  draft: string;
  seen: number;
  /** They do not want to be asked for their contact. */
  unasked: boolean;
}

const name = `bihuan.chat.${location.pathname.split('/')[2] ?? ''}`;
const empty: Memory = { token: null, user: null, waiting: [], draft: '', seen: 0, unasked: false };
let unstored: Memory = empty;

/** Read anew each time, as other tabs write it, too. */
export function recall(): Memory {
  try {
    const text = localStorage.getItem(name);
    return text === null ? unstored : { ...empty, ...JSON.parse(text) as Partial<Memory> };
  } catch {
    return unstored;
  }
}

export function remember(change: Partial<Memory>): void {
  unstored = { ...recall(), ...change };
  try {
    localStorage.setItem(name, JSON.stringify(unstored));
  } catch {
    // Then it lasts as long as the page.
  }
}
