import { useCallback, useEffect, useRef, useState } from 'react';
import type { Draft } from '../../../contract/desk.ts';
import { api, asProblem } from '../../ui/api.ts';
import { read, write } from '../data/drafts.ts';

/** So long after the last key a draft goes to the server; on this device it is kept at once. */
const pause = 1200;

type Content = Record<string, unknown>;
type Options<Value extends Content> = {
  /** Where it is written, as the server names it. */
  place: string;
  /** Whose: browsers are shared. */
  owner: string;
  value: Value;
  /** What tells two drafts apart, whatever the order of their properties; empty when there is nothing to keep. */
  fingerprint: (value: Value) => string;
  onAdopt: (value: Value) => void;
};

/**
 * Keeps what somebody writes on the server as well (服务端草稿), so that it goes on at another device. Where both have
 * been written on, `conflict` holds the other one until somebody chooses.
 */
export function useServerDraft<Value extends Content>({ place, owner, value, fingerprint, onAdopt }: Options<Value>) {
  const versionName = `version.${owner}.${place}`;
  const [conflict, setConflict] = useState<Draft | null>(null);
  const [loaded, setLoaded] = useState(false);
  const [said, setSaid] = useState(0);
  // What the server has, as far as is known here.
  const known = useRef({ print: '', version: 0 });
  const now = useRef({ value, fingerprint, onAdopt });
  useEffect(() => {
    now.current = { value, fingerprint, onAdopt };
  });
  const print = fingerprint(value);

  const know = useCallback((next: { print: string; version: number }): void => {
    known.current = next;
    write(versionName, next.version === 0 ? undefined : { version: next.version });
  }, [versionName]);

  useEffect(() => {
    const abort = new AbortController();
    void (async () => {
      try {
        const { data } = await api.get<{ items: Draft[] }>('/drafts', { query: { place }, signal: abort.signal });
        const stored = data.items[0];
        const current = now.current;
        const here = current.fingerprint(current.value);
        if (stored !== undefined) {
          const there = current.fingerprint(stored.content as Value);
          if (here === '' && there !== '') {
            know({ print: there, version: stored.version });
            current.onAdopt(stored.content as Value);
          } else if (here === there || read<{ version: number }>(versionName)?.version === stored.version) know({ print: there, version: stored.version });
          else setConflict(stored);
        }
        setLoaded(true);
      } catch {
        // Without the server the draft lives here; the next visit tries again.
      }
    })();
    return () => abort.abort();
  }, [place, versionName, know]);

  const saving = useRef(Promise.resolve());
  const save = useRef(async (): Promise<void> => {});
  useEffect(() => {
    save.current = async () => {
      const { value: content, fingerprint: tell } = now.current;
      const mine = tell(content);
      if (mine === known.current.print) return;
      try {
        if (mine === '') {
          await api.delete('/drafts', { query: { place } });
          know({ print: '', version: 0 });
        } else {
          const { data } = await api.post<Draft>('/drafts', { place, content, version: known.current.version });
          know({ print: mine, version: data.version });
        }
      } catch (error) {
        const problem = asProblem(error);
        if (problem.code === 'draft_conflict') setConflict(problem.extensions.stored as Draft);
        else if (problem.temporary) setTimeout(() => setSaid((count) => count + 1), 10_000);
      }
    };
  });

  useEffect(() => {
    if (!loaded || conflict !== null) return;
    // One after another: each is written over the version of the one before.
    const send = (): void => void (saving.current = saving.current.then(() => save.current()));
    const timer = setTimeout(send, pause);
    return () => clearTimeout(timer);
  }, [print, loaded, conflict, said]);
  const ready = useRef(false);
  useEffect(() => {
    ready.current = loaded && conflict === null;
  });
  // Whoever leaves the ticket before the pause is over has written it all the same.
  useEffect(() => () => {
    if (ready.current) void saving.current.then(() => save.current());
  }, []);

  return {
    conflict,
    /** Ends a conflict: with the other device's draft, or with the one that is here. */
    resolve(which: 'theirs' | 'mine'): void {
      if (conflict === null) return;
      const there = now.current.fingerprint(conflict.content as Value);
      know({ print: there, version: conflict.version });
      setConflict(null);
      if (which === 'theirs') now.current.onAdopt(conflict.content as Value);
    },
  };
}
