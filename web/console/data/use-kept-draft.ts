import { useEffect, useRef, useSyncExternalStore } from 'react';
import { keepDraft, type KeepingOptions, type Keeping, type KeptDraft } from './kept-draft.ts';

/** A draft that is kept as one goes, for as long as the component stands; whoever leaves at once loses nothing. */
export function useKeptDraft<Text, Server>(options: KeepingOptions<Text, Server>): KeptDraft<Text, Server> & { keeping: Keeping<Text, Server> } {
  const place = useRef<Keeping<Text, Server> | null>(null);
  place.current ??= keepDraft(options);
  const keeping = place.current;
  const draft = useSyncExternalStore(keeping.subscribe, keeping.current);
  useEffect(() => () => keeping.leave(), [keeping]);
  // Closing the window would break the last save off.
  useEffect(() => {
    if (draft.state === 'saved') return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [draft.state]);
  return { ...draft, keeping };
}
