import type { FileSummary } from '../../../contract/file.ts';
import { decodableTypes } from '../../platform/files/image.ts';
import type { FileRow } from './row.ts';

/** Who is to download a file: the staff, or the holder of a ticket's link. */
export type FileAudience = { kind: 'staff' } | { kind: 'progress'; token: string };

/** A file as lists show it (文件视图), with addresses its reader may fetch. */
export function viewFile(file: FileRow, audience: FileAudience): FileSummary {
  const url = audience.kind === 'staff' ? `/api/v1/files/${file.id}` : `/api/v1/progress/${audience.token}/files/${file.id}`;
  return {
    id: file.id,
    name: file.name,
    mediaType: file.media_type,
    size: file.size,
    purpose: file.purpose,
    visibility: file.visibility,
    url,
    // One that is not there yet is made when it is asked for.
    thumbnailUrl: decodableTypes.has(file.media_type) ? `${url}/thumbnail` : null,
    width: file.width,
    height: file.height,
    visitId: file.visit_id,
    messageId: file.message_id,
    createdAt: file.created_at.toISOString(),
    recorded: file.recorded_at === null ? null : { at: file.recorded_at.toISOString(), lat: file.recorded_lat, lng: file.recorded_lng, accuracy: file.recorded_accuracy },
  };
}
