import { useCallback, useEffect, useRef, useState } from 'react';
import { newIdempotencyKey } from '../../ui/api.ts';
import { preparePhoto } from '../photo.ts';
import { database, type Draft, type DraftForm, type LocalFile, type Recorded } from './database.ts';
import { upload } from './outbox.ts';

/** A form's draft and a way to change it. */
export interface DraftHandle {
  draft: Draft;
  /** Whether all of it is on the phone's disk. */
  saved: boolean;
  /** Takes the changed parts, or makes them from the newest state: a photo may arrive long after it was picked. */
  change: (change: Partial<Draft> | ((now: Draft) => Partial<Draft>)) => void;
  /** To be called before the draft is handed over as a step: what is left unsaved must not bring it back. */
  settle: () => void;
}

/** Writes a draft after every change, one write at a time, and always ends with the newest. */
class DraftKeeper {
  #latest: Draft | null = null;
  #dirty = false;
  #writing = false;
  readonly #onSaved: (saved: boolean) => void;

  constructor(onSaved: (saved: boolean) => void) {
    this.#onSaved = onSaved;
  }

  get latest(): Draft | null {
    return this.#latest;
  }

  begin(draft: Draft): void {
    this.#latest = draft;
  }

  change(draft: Draft): void {
    this.#latest = draft;
    this.#dirty = true;
    this.#onSaved(false);
    void this.#write();
  }

  settle(): void {
    this.#dirty = false;
  }

  async #write(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    try {
      while (this.#dirty && this.#latest !== null) {
        this.#dirty = false;
        await database().drafts.put(this.#latest);
      }
      this.#onSaved(true);
    } finally {
      this.#writing = false;
    }
  }
}

/**
 * What has been typed into a form of a visit, kept on the phone as it is typed (草稿).
 *
 * @param initial what the form begins with when there is no draft
 * @returns null until the draft is read
 */
export function useDraft(visitId: string, form: DraftForm, initial: Partial<Draft> = {}): DraftHandle | null {
  const [draft, setDraft] = useState<Draft | null>(null);
  const [saved, setSaved] = useState(true);
  const [keeper] = useState(() => new DraftKeeper(setSaved));
  const beginning = useRef(initial);

  useEffect(() => {
    let left = false;
    void database().drafts.get([visitId, form]).then((kept) => {
      if (left) return;
      const found = kept ?? { visitId, form, text: '', photoIds: [], signedBy: null, strokes: null, unsigned: false, ...beginning.current };
      keeper.begin(found);
      setDraft(found);
    });
    return () => {
      left = true;
    };
  }, [visitId, form, keeper]);

  const change = useCallback<DraftHandle['change']>((part) => {
    if (keeper.latest === null) return;
    const next = { ...keeper.latest, ...(typeof part === 'function' ? part(keeper.latest) : part) };
    keeper.change(next);
    setDraft(next);
  }, [keeper]);

  const settle = useCallback(() => keeper.settle(), [keeper]);

  return draft === null ? null : { draft, saved, change, settle };
}

/**
 * Takes a photo in: made ready, kept on the phone, and its upload begun if there is a network.
 *
 * @param stamp what is written into it, a line each
 * @returns its id on this phone
 * @throws UnreadablePhoto
 */
export async function addPhoto(visitId: string, picked: File, stamp: readonly string[] = []): Promise<string> {
  const { files } = database();
  const blob = await preparePhoto(picked, stamp);
  const file = localFile(visitId, 'photo', blob, `${picked.name.replace(/\.[^.]*$/, '') || 'photo'}.jpg`);
  await files.put(file);
  // Early, while the technician goes on writing; what fails here goes along with the step later.
  if (navigator.onLine) void upload(file.id).catch(() => {});
  return file.id;
}

/** Takes a film or a word in (录像、录音), as it was recorded, with when and where; its id on this phone. */
export async function addMedia(visitId: string, blob: Blob, name: string, kind: 'audio' | 'video', recorded: Recorded | null): Promise<string> {
  const file: LocalFile = { ...localFile(visitId, kind === 'video' ? 'photo' : 'attachment', blob, name), recorded };
  await database().files.put(file);
  if (navigator.onLine) void upload(file.id).catch(() => {});
  return file.id;
}

/**
 * Takes a file in for a field of the form (字段附件): pictures made ready, everything else as it is.
 *
 * @returns its id on this phone
 */
export async function addFieldFile(visitId: string, picked: File, visibility: LocalFile['visibility']): Promise<string> {
  const { files } = database();
  const ready = picked.type.startsWith('image/') ? await preparePhoto(picked).catch(() => null) : null;
  const file: LocalFile = { ...localFile(visitId, 'attachment', ready ?? picked, ready === null ? picked.name : `${picked.name.replace(/\.[^.]*$/, '') || 'photo'}.jpg`), visibility };
  await files.put(file);
  if (navigator.onLine) void upload(file.id).catch(() => {});
  return file.id;
}

export function localFile(visitId: string, purpose: LocalFile['purpose'], blob: Blob, name: string): LocalFile {
  return { id: newIdempotencyKey(), visitId, purpose, blob, name, fileId: null, problem: null };
}

export async function removePhoto(id: string): Promise<void> {
  await database().files.delete(id);
}
