import { signal } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import type { PortalUpload } from '../../../contract/portal.ts';
import { fileFamilies, fileRefusal, largestPortalFile, pickerAccept } from '../../../rules/files/accepted.ts';
import type { FileField } from '../../../rules/forms/form.ts';
import { api, asProblem, newIdempotencyKey, type ApiProblem } from '../../ui/api.ts';
import { controlId } from '../../ui/form/held.ts';
import type { PhoneControlProps } from '../../ui/form/phone-form.tsx';
import { Icon } from '../parts/icons.tsx';
import { preparePhoto } from '../photo.ts';
import { uploadLife } from '../parts/photos.tsx';
import { say } from '../texts/say.ts';
import type { FieldFile } from './draft.ts';

/** Where files of fields go to, and who keeps their tokens. */
export interface FileTarget {
  uploadPath: string;
  /** The ticket type whose form it is. */
  type: string;
  files: Readonly<Record<string, FieldFile>>;
  onFile: (id: string, file: FieldFile) => void;
}

/** A file on its way to a field (上传中的文件). */
interface Entry {
  id: string;
  /** Key of the field. */
  field: string;
  name: string;
  blob: Blob;
  uploadedAt: number;
  /** 0 to 1 while it is sent. */
  share: number | null;
  problem: ApiProblem | null;
  stop: AbortController;
}

// Of the one report a page is about; whoever leaves the form keeps what was sent, by its token in the draft.
const entries = signal<readonly Entry[]>([]);
const running = new Map<string, Promise<void>>();

function change(id: string, part: Partial<Entry>): void {
  entries.value = entries.value.map((entry) => (entry.id === id ? { ...entry, ...part } : entry));
}

function send(id: string, target: FileTarget): Promise<void> {
  const already = running.get(id);
  if (already !== undefined) return already;
  const entry = entries.value.find((one) => one.id === id);
  if (entry === undefined) return Promise.resolve();
  change(id, { share: 0, problem: null });
  const transfer = api
    .upload<PortalUpload>(entry.blob, { path: target.uploadPath, name: entry.name, fields: { type: target.type, field: entry.field }, signal: entry.stop.signal, onProgress: (share) => change(id, { share }) })
    .then(({ uploadToken }) => {
      const uploadedAt = Date.now();
      change(id, { uploadedAt, share: null });
      target.onFile(id, { token: uploadToken, name: entry.name, uploadedAt });
    })
    .catch((error: unknown) => change(id, { share: null, problem: asProblem(error) }))
    .then(() => void running.delete(id));
  running.set(id, transfer);
  return transfer;
}

/**
 * Waits for the files that are still on their way, and tries those again that failed or have grown too old (等待上传).
 *
 * @returns the id of the control with a file that would not go; undefined when all are there
 */
export async function settleFiles(target: FileTarget): Promise<string | undefined> {
  for (const { id, uploadedAt, problem } of entries.value) {
    if (uploadedAt !== 0 && Date.now() - uploadedAt < uploadLife) continue;
    // What was refused for what it is would be refused again.
    if (problem === null || problem.temporary) await send(id, target);
  }
  const failed = entries.value.find(({ uploadedAt }) => uploadedAt === 0);
  return failed && controlId(failed.field);
}

/** Forgets the files of a form that was sent or given up. */
export function forgetFiles(): void {
  for (const { stop } of entries.value) stop.abort();
  entries.value = [];
}

const megabytes = Math.round(largestPortalFile / 1024 / 1024);
/** More than a report can carry helps nobody. */
const mostFiles = 9;

/** Files of a field (附件): what may be sent is said before, and each file shows how far it is. */
export function FileControl({ field, id, value, describedBy, invalid, onChange, target }: PhoneControlProps & { target: FileTarget }) {
  const [problem, setProblem] = useState('');
  const held = Array.isArray(value) ? value.map(String) : [];
  // Photos are made ready one after the other, and each is added to what is there by then.
  const latest = useRef(held);
  latest.current = held;
  const { maxItems: most = mostFiles, accept: families = fileFamilies } = field as FileField;
  const lines = entries.value.filter((entry) => entry.field === field.key);
  const before = held.filter((one) => !lines.some((entry) => entry.id === one));
  const kinds = families.map((family) => say(`files.kind.${family}`)).join(say('files.and'));

  async function add(picked: File[]): Promise<void> {
    setProblem('');
    for (const file of picked) {
      if (latest.current.length >= most) {
        setProblem(say('files.tooMany', { count: most }));
        break;
      }
      const photo = file.type.indexOf('image/') === 0 ? await preparePhoto(file).catch(() => null) : null;
      const blob = photo === null ? file : photo.blob;
      const name = photo === null ? file.name : `${file.name.replace(/\.[^.]*$/, '') || 'photo'}.jpg`;
      const refusal = fileRefusal({ name, type: blob.type, size: blob.size }, { families, largest: largestPortalFile });
      if (refusal !== null) {
        setProblem(say(`files.${refusal}`, { name: file.name, limit: megabytes, kinds }));
        continue;
      }
      const entry: Entry = { id: newIdempotencyKey(), field: field.key, name, blob, uploadedAt: 0, share: 0, problem: null, stop: new AbortController() };
      entries.value = [...entries.value, entry];
      latest.current = [...latest.current, entry.id];
      onChange(latest.current);
      void send(entry.id, target);
    }
  }

  function remove(one: string): void {
    entries.value.find((entry) => entry.id === one)?.stop.abort();
    entries.value = entries.value.filter((entry) => entry.id !== one);
    onChange(held.filter((other) => other !== one));
    // Its line is gone: the picker is what comes next.
    setTimeout(() => document.getElementById(id)?.focus());
  }

  return (
    <div class="phone-place">
      <p class="phone-help" id={`${id}-limits`}>{say('files.limits', { kinds, count: most, limit: megabytes })}</p>
      {held.length > 0 && (
        <ul class="file-lines">
          {before.map((one) => <FileLine key={one} name={target.files[one]?.name ?? ''} state={say('files.sent')} onRemove={() => remove(one)} />)}
          {lines.map((entry) => (
            <FileLine
              key={entry.id}
              name={entry.name}
              share={entry.share}
              problem={entry.problem === null ? null : entry.problem.title}
              state={entry.uploadedAt === 0 ? '' : say('files.sent')}
              onRetry={entry.problem !== null && entry.problem.temporary ? () => void send(entry.id, target) : undefined}
              onRemove={() => remove(entry.id)}
            />
          ))}
        </ul>
      )}
      <p class="phone-error" role="alert">{problem}</p>
      {held.length < most && (
        <label class="button file-add">
          <input id={id} class="visually-hidden" type="file" multiple={most > 1} accept={pickerAccept(families)} aria-describedby={[describedBy, `${id}-limits`].filter(Boolean).join(' ')} aria-invalid={invalid} onChange={(event) => {
            const picked = Array.from(event.currentTarget.files ?? []);
            event.currentTarget.value = '';
            void add(picked);
          }} />
          <Icon name="add" size={20} />{say('files.add')}
        </label>
      )}
    </div>
  );
}

function FileLine({ name, share = null, problem = null, state, onRetry, onRemove }: { name: string; share?: number | null; problem?: string | null; state: string; onRetry?: () => void; onRemove: () => void }) {
  return (
    <li class={problem === null ? 'file-line' : 'file-line file-wrong'}>
      <span class="file-name">
        {name}
        {share !== null ? <progress max={1} value={share} aria-label={say('files.sending', { name })} /> : <span class="file-state">{problem ?? state}</span>}
      </span>
      {onRetry !== undefined && <button type="button" class="icon-button" aria-label={say('files.again', { name })} onClick={onRetry}><Icon name="again" size={20} /></button>}
      <button type="button" class="icon-button" aria-label={say('files.remove', { name })} onClick={onRemove}><Icon name="cross" size={20} /></button>
    </li>
  );
}
