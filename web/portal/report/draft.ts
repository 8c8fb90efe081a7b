import { uploadLife, type Photo } from '../parts/photos.tsx';
import { forget, recall, remember, rememberedContact } from '../storage.ts';

/** Where the device says it is; `accuracy` in metres. */
export interface Position {
  lat: number;
  lng: number;
  accuracy: number;
}

/** A file that was sent for a field: its token, and when, in milliseconds. */
export interface FieldFile {
  token: string;
  name: string;
  uploadedAt: number;
}

/** What has been typed into the report form (报修草稿). */
export interface ReportDraft {
  description: string;
  address: string;
  position: Position | null;
  name: string;
  phone: string;
  /** Which category below the one on the page; null while it is not said. */
  category: string | null;
  /** What it is reported as; the first type when null. */
  type: string | null;
  /** What the controls of the type’s own fields hold, and the files sent for them. */
  fields: Record<string, unknown>;
  fieldFiles: Record<string, FieldFile>;
}

interface KeptPhoto {
  id: string;
  name: string;
  preview: string;
  token: string;
  uploadedAt: number;
}

interface KeptDraft extends ReportDraft {
  photos: KeptPhoto[];
}

/** A draft as it was left: what was typed, the photos still good, and how many were not. */
export interface RecalledDraft {
  draft: ReportDraft;
  photos: Photo[];
  lostPhotos: number;
  /** Something had been typed that was not sent. */
  restored: boolean;
}

/** Whether a value is the id a file has on this page: a UUID, as no text that is typed is likely to be. */
const isFileId = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

const nameOf = (organization: string): string => `draft.${organization}`;

/** The draft of an organization's form, begun with what is known of the contact. */
export function recallDraft(organization: string, now: number): RecalledDraft {
  const contact = rememberedContact();
  const kept = recall<KeptDraft>(nameOf(organization));
  const empty: ReportDraft = { description: '', address: contact.address, position: null, name: contact.name, phone: contact.phone, category: null, type: null, fields: {}, fieldFiles: {} };
  if (kept === null) return { draft: empty, photos: [], lostPhotos: 0, restored: false };
  const { photos, ...draft } = kept;
  const good = photos.filter((photo) => now - photo.uploadedAt < uploadLife);
  // A file whose token is too old, or that was still on its way, would be refused with the report.
  const sent = draft.fieldFiles ?? {};
  const isGood = (id: unknown): boolean => typeof id !== 'string' || !(id in sent) ? !isFileId(id) : now - (sent[id]?.uploadedAt ?? 0) < uploadLife;
  let lost = 0;
  const fields = Object.fromEntries(Object.entries(draft.fields ?? {}).map(([key, value]) => {
    if (Array.isArray(value) && value.some(isFileId)) {
      const left = value.filter(isGood);
      lost += value.length - left.length;
      return [key, left];
    }
    if (!isFileId(value) || isGood(value)) return [key, value];
    lost += 1;
    return [key, null];
  }));
  return {
    draft: { ...empty, ...draft, fields },
    photos: good.map((photo) => ({ ...photo, blob: null, share: null, problem: null })),
    lostPhotos: photos.length - good.length + lost,
    restored: draft.description.trim() !== '' || photos.length > 0 || Object.keys(draft.fields ?? {}).length > 0,
  };
}

export function keepDraft(organization: string, draft: ReportDraft, photos: Photo[]): void {
  const uploaded: KeptPhoto[] = [];
  for (const { id, name, preview, token, uploadedAt } of photos) if (token !== null) uploaded.push({ id, name, preview, token, uploadedAt });
  remember(nameOf(organization), { ...draft, photos: uploaded } satisfies KeptDraft);
}

export function forgetDraft(organization: string): void {
  forget(nameOf(organization));
}
