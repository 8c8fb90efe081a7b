import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { BlobStore } from './blob-store.ts';
import { openFolderStore } from './folder-store.ts';
import { openS3Store } from './s3-store.ts';

/** Opens the store that `BLOB_URL` names: a folder (file:///…), or a bucket of a service that speaks S3 (s3://…). */
export function openBlobStore(config: Pick<Config, 'blobs' | 'dataDirectory'>): BlobStore {
  const { blobs } = config;
  if (blobs.kind === 'folder') return openFolderStore(blobs.directory);
  return openS3Store({
    bucket: blobs.bucket,
    prefix: blobs.prefix,
    region: blobs.region,
    endpoint: blobs.endpoint,
    pathStyle: blobs.pathStyle,
    credentials: { accessKeyId: blobs.accessKeyId, secretAccessKey: blobs.secretAccessKey, sessionToken: blobs.sessionToken },
    workFolder: join(config.dataDirectory, 'work'),
  });
}
