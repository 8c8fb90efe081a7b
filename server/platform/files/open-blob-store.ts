import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, type Config } from '../config/config.ts';
import type { BlobStore } from './blob-store.ts';
import { openFolderStore } from './folder-store.ts';
import { openS3Store } from './s3-store.ts';

/**
 * Opens the store that `BLOB_URL` names: a folder (file:///…), which is made when it is not there, or a bucket of a
 * service that speaks S3 (s3://…), which is first spoken to when a file comes.
 *
 * @throws {ConfigurationError} when the folder cannot be made or written to
 */
export function openBlobStore(config: Pick<Config, 'blobs' | 'dataDirectory'>): BlobStore {
  const { blobs, dataDirectory } = config;
  if (blobs.kind === 'folder') {
    ensureWritable(blobs.directory, blobs.directory === join(dataDirectory, 'files') ? 'DATA_DIR' : 'BLOB_URL');
    return openFolderStore(blobs.directory);
  }
  return openS3Store({
    bucket: blobs.bucket,
    prefix: blobs.prefix,
    region: blobs.region,
    endpoint: blobs.endpoint,
    pathStyle: blobs.pathStyle,
    credentials: { accessKeyId: blobs.accessKeyId, secretAccessKey: blobs.secretAccessKey, sessionToken: blobs.sessionToken },
    workFolder: join(dataDirectory, 'work'),
  });
}

function ensureWritable(directory: string, variable: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigurationError(`${variable} must name a folder that the program may write to, but ${directory} is not (${reason}).`);
  }
}
