import type { Progress } from '../../../contract/portal.ts';
import { showTimesIn } from '../../ui/time.ts';
import { api, asProblem, type ApiProblem } from '../../ui/api.ts';

/** What a progress page knows at a moment; `fetchedAt` in milliseconds. */
export interface Followed {
  progress: Progress | null;
  problem: ApiProblem | null;
  fetchedAt: number;
}

const pollInterval = 15_000;
/** While somebody is on the way nothing changes but how far off they are, and nobody is told of that. */
const comingInterval = 30_000;

export const progressPath = (token: string): string => `/progress/${encodeURIComponent(token)}`;

/**
 * Follows a ticket (跟进进度): once at the beginning, then whenever the server says that it changed, and every 15
 * seconds while the server cannot be heard.
 *
 * @returns a function that looks again at once, and one that ends it
 */
export function follow(token: string, tell: (followed: Followed) => void): { look: () => Promise<void>; end: () => void } {
  let known: Followed = { progress: null, problem: null, fetchedAt: 0 };
  let ended = false;
  let stream: EventSource | null = null;
  let heard = false;
  let round = 0;

  async function look(): Promise<void> {
    const mine = (round += 1);
    try {
      const { data } = await api.get<Progress>(progressPath(token));
      showTimesIn(data.organization.timeZone);
      // A slower, earlier answer must not cover a later one.
      if (ended || mine !== round) return;
      known = { progress: data, problem: null, fetchedAt: Date.now() };
    } catch (error) {
      if (ended || mine !== round) return;
      known = { ...known, problem: asProblem(error) };
    }
    tell(known);
    if (known.progress !== null && stream === null) listen();
  }

  function listen(): void {
    if (ended || typeof EventSource !== 'function') return;
    stream = new EventSource(`/api/v1${progressPath(token)}/feed`);
    stream.onopen = () => {
      // What happened while nobody listened.
      if (heard) void look();
      heard = true;
    };
    stream.addEventListener('changed', () => void look());
    stream.onerror = () => {
      if (stream?.readyState === EventSource.CLOSED) stream = null;
    };
  }

  const timer = setInterval(() => {
    if (document.visibilityState !== 'visible') return;
    const coming = known.progress?.technician?.status === 'travelling' && Date.now() - known.fetchedAt >= comingInterval;
    if (stream?.readyState !== 1 || coming) void look();
  }, pollInterval);
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') void look();
  };
  const onOnline = (): void => void look();
  document.addEventListener('visibilitychange', onVisible);
  addEventListener('online', onOnline);
  void look();

  return {
    look,
    end() {
      ended = true;
      clearInterval(timer);
      stream?.close();
      document.removeEventListener('visibilitychange', onVisible);
      removeEventListener('online', onOnline);
    },
  };
}
