/**
 * What an alarm does to tickets (告警规则). An alarm is about something (`key`), and each time that thing is wrong is an episode of
 * its own: raised, perhaps told again, and cleared. Pure: what is known of the thing comes in, what is to be done goes out.
 */

/** What is known of the last episode of a thing (告警现状). */
export interface AlarmStanding {
  episode: string;
  state: 'raised' | 'cleared';
  /** When the last news of it was written, in milliseconds since 1970. */
  since: number;
  /** How often it was raised so far. */
  count: number;
  /** Its ticket; null when it was over before a ticket was made. */
  ticket: AlarmTicket | null;
}

export interface AlarmTicket {
  /** Nobody has done anything to it yet, so that nobody misses it. */
  untouched: boolean;
  /** Resolved, closed or cancelled. */
  finished: boolean;
  /** It may be opened again. */
  reopens: boolean;
}

export interface AlarmNews {
  episode: string;
  state: 'raised' | 'cleared';
  at: number;
}

/**
 * `open`: a ticket is made; `repeat`: it is counted, and noted on the ticket when `note` says so; `again`: it comes back on
 * its ticket, which is opened again where it was finished; `withdraw`: it is over and nobody has begun, the ticket is
 * cancelled; `recovered`: it is over, and whoever works on it is told; `note_over`: it is over before it was heard of;
 * `ignore`: older than what is known.
 */
export type AlarmStep =
  | { do: 'open' } | { do: 'repeat'; note: boolean } | { do: 'again' } | { do: 'withdraw' } | { do: 'recovered' } | { do: 'note_over' } | { do: 'ignore' };

/** So soon after it was over, an alarm that comes back is the same trouble (抖动): it goes on with its ticket. */
export const flappingMilliseconds = 3_600_000;

/** Counts that are noted on the ticket: 2, 5, 10, 20, 50, 100, … */
export function isNoted(count: number): boolean {
  let step = count;
  while (step >= 10 && step % 10 === 0) step /= 10;
  return count > 1 && (step === 1 || step === 2 || step === 5);
}

export function alarmStep(standing: AlarmStanding | null, news: AlarmNews): AlarmStep {
  if (!standing) return { do: news.state === 'raised' ? 'open' : 'note_over' };
  const { ticket } = standing;
  if (news.state === 'cleared') {
    if (standing.state === 'cleared') return { do: 'ignore' };
    // The end of an earlier episode, come late.
    if (news.episode !== standing.episode && news.at < standing.since) return { do: 'ignore' };
    if (!ticket || ticket.finished) return { do: 'note_over' };
    return { do: ticket.untouched ? 'withdraw' : 'recovered' };
  }
  if (news.episode === standing.episode) {
    // Its beginning, come after its end.
    if (standing.state === 'cleared') return { do: 'ignore' };
    // Somebody finished the ticket although the alarm is on: it says so again.
    if (ticket?.finished) return ticket.reopens ? { do: 'again' } : { do: 'open' };
    return { do: 'repeat', note: isNoted(standing.count + 1) };
  }
  if (news.at < standing.since && standing.state === 'raised') return { do: 'ignore' };
  if (!ticket) return { do: 'open' };
  if (!ticket.finished) return { do: 'again' };
  return ticket.reopens && news.at - standing.since <= flappingMilliseconds ? { do: 'again' } : { do: 'open' };
}
