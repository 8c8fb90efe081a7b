import { useCallback, useEffect, useRef, useState } from 'react';
import { newIdempotencyKey } from '../../ui/api.ts';
import { preparePhoto } from '../photo.ts';
import { database, type Draft, type DraftForm, type LocalFile } from './database.ts';
import { upload } from './outbox.ts';

const saveDelay = 150;

/** A form's draft and a way to change it. */
export interface DraftHandle {
  draft: Draft;
  /** Takes the changed parts, or makes them from the newest state: a photo may arrive long after it was picked. */
  change: (change: Partial<Draft> | ((now: Draft) => Partial<Draft>)) => void;
  /** To be called before the draft is handed over as a step: what is left unsaved must not bring it back. */
  settle: () => void;
}

/**
 * What has been typed into a form of a visit, kept on the phone as it is typed (草稿).
 *
 * @param initial what the form begins with when there is no draft
 * @returns null until the draft is read
 */
export function useDraft(visitId: string, form: DraftForm, initial: Partial<Draft> = {}): DraftHandle | null {
  const [draft, setDraft] = useState<Draft | null>(null);
  const latest = useRef<Draft | null>(null);
  const unsaved = useRef(false);
  const beginning = useRef(initial);

  useEffect(() => {
    let left = false;
    let timer: ReturnType<typeof setInterval> | undefined;
    const save = (): void => {
      if (!unsaved.current || latest.current === null) return;
      unsaved.current = false;
      void database().drafts.put(latest.current);
    };
    void database().drafts.get([visitId, form]).then((kept) => {
      if (left) return;
      latest.current = kept ?? { visitId, form, text: '', photoIds: [], signedBy: null, strokes: null, unsigned: false, ...beginning.current };
      setDraft(latest.current);
      timer = setInterval(save, saveDelay);
    });
    addEventListener('pagehide', save);
    return () => {
      left = true;
      clearInterval(timer);
      removeEventListener('pagehide', save);
      save();
    };
  }, [visitId, form]);

  const change = useCallback((part: Partial<Draft> | ((now: Draft) => Partial<Draft>)) => {
    if (latest.current === null) return;
    latest.current = { ...latest.current, ...(typeof part === 'function' ? part(latest.current) : part) };
    unsaved.current = true;
    setDraft(latest.current);
  }, []);

  const settle = useCallback(() => {
    unsaved.current = false;
  }, []);

  return draft === null ? null : { draft, change, settle };
}

/**
 * Takes a photo in: made ready, kept on the phone, and its upload begun if there is a network.
 *
 * @returns its id on this phone
 * @throws UnreadablePhoto
 */
export async function addPhoto(visitId: string, picked: File): Promise<string> {
  const blob = await preparePhoto(picked);
  const file = localFile(visitId, 'photo', blob, `${picked.name.replace(/\.[^.]*$/, '') || 'photo'}.jpg`);
  await database().files.put(file);
  // Early, while the technician goes on writing; what fails here goes along with the step later.
  if (navigator.onLine) void upload(file.id).catch(() => {});
  return file.id;
}

export function localFile(visitId: string, purpose: LocalFile['purpose'], blob: Blob, name: string): LocalFile {
  return { id: newIdempotencyKey(), visitId, purpose, blob, name, fileId: null, problem: null };
}

export async function removePhoto(id: string): Promise<void> {
  await database().files.delete(id);
}
