import type { Selectable } from 'kysely';
import type { Context } from '../../platform/context.ts';
import type { FileTable } from '../../platform/db/tables.ts';

/** A file as it lies in the database (文件). */
export type FileRow = Selectable<FileTable>;

/** What looking up files needs of a Context. */
export type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** What a file was sent for (用途). */
export const filePurposes = ['attachment', 'photo', 'signature'] as const;
/** What a file is kept for: a recording belongs to its call and to nothing else. */
export type FilePurpose = (typeof filePurposes)[number] | 'recording';

/** Who sees a file: the customer too, or colleagues only (可见范围). */
export const fileVisibilities = ['public', 'internal'] as const;
export type FileVisibility = (typeof fileVisibilities)[number];

/** The key under which the bytes of a file lie: spread over folders by the random end of its id. */
export function storageKeyOf(tenantId: string, fileId: string): string {
  return `${tenantId}/${fileId.slice(-2)}/${fileId}`;
}
