/** One person on a ticket. */
export interface Present {
  id: string;
  name: string;
  state: 'viewing' | 'typing';
  /** What they write is for colleagues. */
  note?: true;
  /** It is the customer, at a chat, and what page they are on. */
  visitor?: true;
  page?: { url: string; title: string };
}

/** What a page says of its person every ten seconds; `tab` tells several windows of one person apart. */
export interface Beat {
  tenantId: string;
  ticketId: string;
  staffId: string;
  name: string;
  tab: string;
  state: Present['state'] | 'left';
  note?: true;
  /** Not of the staff but the customer at a chat; `staffId` is the visitor then. */
  visitor?: true;
  page?: Present['page'];
}

/** Who is on which ticket (在场). Nothing here was promised: it is in memory, runs out by itself, and is gone with the process. */
export interface PresenceBoard {
  /** Takes a beat that came to this process; returns who else is on the ticket. Other nodes are told by `onBeats`. */
  beat(beat: Beat): Present[];
  /** Takes beats that came to another node. */
  receive(beats: readonly Beat[]): void;
  /** Takes somebody off a ticket, in all their windows: they may see it no longer. */
  remove(tenantId: string, ticketId: string, staffId: string): void;
  /** Who is to pass the beats of this process on; those of a tenth of a second come together. */
  onBeats(pass: (beats: readonly Beat[]) => void): void;
  stop(): void;
}

/** Silence after which somebody has left. */
const silenceMilliseconds = 30_000;
const togetherMilliseconds = 100;
/** More windows than this on one ticket are not told apart. */
const mostWindows = 200;

interface Entry extends Beat {
  expiry: NodeJS.Timeout;
}

/**
 * Opens the board. `tell` is called with those who are on a ticket themselves whenever others there change; what each
 * gets leaves out nobody, so that a person's own windows agree.
 */
export function openPresence(tell: (tenantId: string, staffIds: ReadonlySet<string>, data: { ticketId: string; people: Present[] }) => void, silence = silenceMilliseconds): PresenceBoard {
  /** By ticket, then by person and window. */
  const tickets = new Map<string, Map<string, Entry>>();
  let pass: ((beats: readonly Beat[]) => void) | null = null;
  let waiting: Beat[] = [];
  let passing: NodeJS.Timeout | null = null;

  const keyOf = (beat: { tenantId: string; ticketId: string }) => `${beat.tenantId} ${beat.ticketId}`;

  function people(key: string): Present[] {
    const byPerson = new Map<string, Present>();
    for (const { staffId: id, name, state, note, visitor, page } of tickets.get(key)?.values() ?? []) {
      if (state === 'left') continue;
      const known = byPerson.get(id);
      const seen = page ?? known?.page;
      // An answer in one window goes before a note in another.
      const typing = [...(known?.state === 'typing' ? [known.note] : []), ...(state === 'typing' ? [note] : [])];
      byPerson.set(id, { id, name, state: typing.length > 0 ? 'typing' : state, ...(typing.length > 0 && typing.every((one) => one === true) ? { note: true as const } : {}), ...(visitor ? { visitor } : {}), ...(seen ? { page: seen } : {}) });
    }
    return [...byPerson.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Puts a beat down and tells those there when it changed who is there; says whether it did. */
  function put(beat: Beat): void {
    const key = keyOf(beat);
    const before = JSON.stringify(people(key));
    const entries = tickets.get(key) ?? new Map<string, Entry>();
    const window = `${beat.staffId} ${beat.tab}`;
    const known = entries.get(window);
    if (known) clearTimeout(known.expiry);
    if (beat.state === 'left') entries.delete(window);
    else if (known || entries.size < mostWindows) {
      const expiry = setTimeout(() => put({ ...beat, state: 'left' }), silence);
      expiry.unref();
      entries.set(window, { ...beat, expiry });
    }
    if (entries.size > 0) tickets.set(key, entries);
    else tickets.delete(key);
    const now = people(key);
    if (JSON.stringify(now) !== before) tell(beat.tenantId, new Set(now.map((person) => person.id)), { ticketId: beat.ticketId, people: now });
  }

  function passOn(beat: Beat): void {
    if (!pass) return;
    waiting.push(beat);
    passing ??= setTimeout(() => {
      passing = null;
      const beats = waiting;
      waiting = [];
      pass?.(beats);
    }, togetherMilliseconds);
    passing.unref();
  }

  return {
    beat(beat) {
      put(beat);
      passOn(beat);
      return people(keyOf(beat)).filter((person) => person.id !== beat.staffId);
    },
    receive: (beats) => beats.forEach(put),
    remove(tenantId, ticketId, staffId) {
      for (const entry of [...tickets.get(keyOf({ tenantId, ticketId }))?.values() ?? []]) {
        if (entry.staffId !== staffId) continue;
        const { expiry: _expiry, ...beat } = entry;
        put({ ...beat, state: 'left' });
        passOn({ ...beat, state: 'left' });
      }
    },
    onBeats(callback) {
      pass = callback;
    },
    stop() {
      pass = null;
      if (passing) clearTimeout(passing);
      for (const entries of tickets.values()) for (const entry of entries.values()) clearTimeout(entry.expiry);
      tickets.clear();
    },
  };
}
