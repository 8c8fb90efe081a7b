import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, Timestamp } from './common.ts';
import { FileSummary } from './file.ts';

/** What an upload may come to (断点续传上限): unfinished ones of one person, and for how long one that nothing comes for is kept. */
export const uploadLimits = { atOnce: 20, unfinishedBytes: 524_288_000, hours: 72, name: 500 } as const;

/** The version of the protocol that is spoken (https://tus.io/protocols/resumable-upload). */
export const tusVersion = '1.0.0';

/** A file on its way in, piece by piece (断点续传). */
export const Upload = Closed({
  id: Id,
  offset: Type.Integer({ description: 'How many bytes have been kept' }),
  length: Type.Integer({ description: 'How many there are to be' }),
  expiresAt: Timestamp,
  file: Nullable(FileSummary),
}, { title: 'Upload', description: 'file is what it became, once it is whole' });
export type Upload = Static<typeof Upload>;
