import { signal, type Signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { api, newIdempotencyKey, type ApiProblem, asProblem } from '../../ui/api.ts';
import type { PortalUpload } from '../../../contract/portal.ts';
import { preparePhoto } from '../photo.ts';
import { say } from '../texts/say.ts';
import { Icon } from './icons.tsx';
import { showPicture } from './viewer.tsx';

/** A photo on its way (待发送的照片). */
export interface Photo {
  id: string;
  name: string;
  /** A small picture as a `data:` address. */
  preview: string;
  /** Gone after a reload; what was uploaded by then is still good. */
  blob: Blob | null;
  /** What the server gave for it, and when, in milliseconds. */
  token: string | null;
  uploadedAt: number;
  /** 0 to 1 while it is uploaded. */
  share: number | null;
  problem: ApiProblem | null;
}

/** The photos of one form: a list that can be watched, and the uploads behind it. */
export interface PhotoList {
  photos: Signal<Photo[]>;
  add: (files: File[]) => Promise<{ unreadable: boolean }>;
  retry: (id: string) => void;
  remove: (id: string) => void;
  /** Waits for what is still running and tries again what failed; the tokens in order, or null when one has failed. */
  tokens: () => Promise<string[] | null>;
  clear: () => void;
}

export const mostPhotos = 9;

// The server keeps an upload for an hour; a little less, so that none expires on its way.
export const uploadLife = 50 * 60_000;

/**
 * Makes the list of photos of a form.
 *
 * @param path where they are uploaded to
 * @param kept photos that were uploaded before the page was loaded again
 */
export function createPhotoList(path: string, kept: Photo[] = []): PhotoList {
  const photos = signal<Photo[]>(kept);
  const running = new Map<string, Promise<void>>();

  function change(id: string, part: Partial<Photo>): void {
    photos.value = photos.value.map((photo) => (photo.id === id ? { ...photo, ...part } : photo));
  }

  function upload(id: string): Promise<void> {
    const already = running.get(id);
    if (already !== undefined) return already;
    const photo = photos.value.find((one) => one.id === id);
    if (photo === undefined || photo.blob === null) return Promise.resolve();
    change(id, { share: 0, problem: null });
    const transfer = api
      .upload<PortalUpload>(photo.blob, { path, name: photo.name, onProgress: (share) => change(id, { share }) })
      .then((uploaded) => change(id, { token: uploaded.uploadToken, uploadedAt: Date.now(), share: null }))
      .catch((error: unknown) => change(id, { share: null, problem: asProblem(error) }))
      .then(() => {
        running.delete(id);
      });
    running.set(id, transfer);
    return transfer;
  }

  return {
    photos,
    async add(files) {
      let unreadable = false;
      for (const file of files.slice(0, mostPhotos - photos.value.length)) {
        try {
          const { blob, preview } = await preparePhoto(file);
          const photo: Photo = { id: newIdempotencyKey(), name: `${file.name.replace(/\.[^.]*$/, '') || 'photo'}.jpg`, preview, blob, token: null, uploadedAt: 0, share: 0, problem: null };
          photos.value = [...photos.value, photo];
          void upload(photo.id);
        } catch {
          unreadable = true;
        }
      }
      return { unreadable };
    },
    retry: (id) => void upload(id),
    remove(id) {
      photos.value = photos.value.filter((photo) => photo.id !== id);
    },
    async tokens() {
      for (const { id, token, uploadedAt, blob } of photos.value) {
        if (token !== null && (blob === null || Date.now() - uploadedAt < uploadLife)) continue;
        await upload(id);
      }
      const tokens = photos.value.map((photo) => photo.token);
      return tokens.includes(null) ? null : (tokens as string[]);
    },
    clear() {
      photos.value = [];
    },
  };
}

/** Takes photos for a form and shows how far each one is. */
export function PhotoPicker({ list, compact = false }: { list: PhotoList; compact?: boolean }) {
  const [unreadable, setUnreadable] = useState(false);
  const photos = list.photos.value;
  return (
    <div class={compact ? 'photos photos-compact' : 'photos'}>
      <div class="photo-grid">
        {photos.map((photo, index) => (
          <PhotoTile key={photo.id} photo={photo} number={index + 1} list={list} />
        ))}
        {photos.length < mostPhotos && (
          <label class="photo-add">
            <input
              type="file"
              accept="image/*"
              multiple
              class="visually-hidden"
              onChange={(event) => {
                const files = Array.from(event.currentTarget.files ?? []);
                event.currentTarget.value = '';
                setUnreadable(false);
                void list.add(files).then((added) => setUnreadable(added.unreadable));
              }}
            />
            <Icon name="camera" size={28} />
            <span>{say('photos.add')}</span>
          </label>
        )}
      </div>
      {unreadable && <p class="field-error" role="alert">{say('photos.unreadable')}</p>}
    </div>
  );
}

function PhotoTile({ photo, number, list }: { photo: Photo; number: number; list: PhotoList }) {
  return (
    <div class="photo">
      <button type="button" class="photo-view" aria-label={say('photos.view', { number })} onClick={() => showPicture(photo.blob === null ? photo.preview : URL.createObjectURL(photo.blob), say('photos.photo', { number }))}>
        <img src={photo.preview} alt="" />
      </button>
      {photo.share !== null && <progress class="photo-share" max={1} value={photo.share} aria-label={say('photos.uploading', { number })} />}
      {photo.problem !== null && (
        <button type="button" class="photo-failed" aria-label={say('photos.retry', { number })} title={photo.problem.title} onClick={() => list.retry(photo.id)}>
          <Icon name="again" size={20} />
          <span>{photo.problem.temporary ? say('photos.failed') : photo.problem.title}</span>
        </button>
      )}
      <button type="button" class="photo-remove" aria-label={say('photos.remove', { number })} onClick={() => list.remove(photo.id)}>
        <Icon name="cross" size={16} />
      </button>
    </div>
  );
}
