import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { BlobMissing, checkKey, isKey, type BlobStore } from './blob-store.ts';

/** A bucket of Amazon S3 or of a service that speaks its protocol (MinIO, Ceph, OSS, COS, OBS, …). */
export interface S3StoreOptions {
  bucket: string;
  /** Begins every key; empty, or ends with a slash. */
  prefix: string;
  region: string;
  /** Undefined means Amazon's own for the region. */
  endpoint?: string | undefined;
  /** Whether the bucket stands in the path rather than in the host name; by default when there is an endpoint. */
  pathStyle?: boolean | undefined;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined };
  /** See `BlobStore.workFolder`. */
  workFolder: string;
}

const attempts = 4;
const pageKeys = 1_000;
const connectMilliseconds = 5_000;
const idleMilliseconds = 60_000;
// A download holds one for as long as its reader takes.
const connections = 256;

/**
 * Keeps files in an object store (对象存储), signed with AWS Signature Version 4 over the whole body, so that damage on
 * the way is refused by the service. The client is loaded at the first use: it takes a third of a second.
 */
export function openS3Store(options: S3StoreOptions): BlobStore {
  let loaded: ReturnType<typeof load> | undefined;
  const open = () => (loaded ??= load(options));
  const place = (key: string) => {
    checkKey(key);
    return { Bucket: options.bucket, Key: options.prefix + key };
  };
  return {
    workFolder: options.workFolder,
    async put(key, path, mediaType) {
      const target = place(key);
      const { client, sdk } = await open();
      const { size } = await stat(path);
      const hash = await sha256Of(path);
      for (let attempt = 1; ; attempt += 1) {
        const body = createReadStream(path);
        try {
          const command = new sdk.PutObjectCommand({ ...target, Body: body, ContentLength: size, ContentType: mediaType });
          signBody(command, hash);
          await client.send(command);
          return;
        } catch (error) {
          // The client itself repeats no request whose body is a stream.
          if (attempt === attempts || !isPassing(error)) throw error;
          await sleep(100 * 2 ** attempt * (0.5 + Math.random() / 2));
        } finally {
          body.destroy();
        }
      }
    },
    async get(key, range) {
      const target = place(key);
      const { client, sdk } = await open();
      try {
        const answer = await client.send(new sdk.GetObjectCommand({ ...target, ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}) }));
        const body = answer.Body as Readable;
        if (range && answer.ContentRange === undefined) {
          body.destroy();
          throw new Error('the object store ignored the range it was asked for');
        }
        return body;
      } catch (error) {
        if (isMissing(error)) throw new BlobMissing(key);
        throw error;
      }
    },
    async remove(key) {
      const target = place(key);
      const { client, sdk } = await open();
      try {
        await client.send(new sdk.DeleteObjectCommand(target));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
    async* list(after) {
      const { client, sdk } = await open();
      for (let last = options.prefix + after; ;) {
        const page = await client.send(new sdk.ListObjectsV2Command({ Bucket: options.bucket, Prefix: options.prefix, ...(last === '' ? {} : { StartAfter: last }), MaxKeys: pageKeys }));
        for (const { Key, LastModified } of page.Contents ?? []) {
          if (Key === undefined) continue;
          last = Key;
          const key = Key.slice(options.prefix.length);
          if (isKey(key) && LastModified) yield { key, storedAt: LastModified };
        }
        if (!page.IsTruncated || !page.Contents?.length) return;
      }
    },
  };
}

async function load({ region, endpoint, pathStyle, credentials }: S3StoreOptions): Promise<{ sdk: typeof import('@aws-sdk/client-s3'); client: S3Client }> {
  const sdk = await import('@aws-sdk/client-s3');
  const silent = () => {};
  const client = new sdk.S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: pathStyle ?? endpoint !== undefined,
    credentials: { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey, ...(credentials.sessionToken ? { sessionToken: credentials.sessionToken } : {}) },
    maxAttempts: attempts,
    retryMode: 'standard',
    // Checksums in trailers are Amazon's alone; the signature already covers the body.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    // What it would otherwise look up in the environment and in the home folder.
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useArnRegion: false,
    requestHandler: {
      connectionTimeout: connectMilliseconds, socketTimeout: idleMilliseconds,
      httpAgent: { keepAlive: true, maxSockets: connections }, httpsAgent: { keepAlive: true, maxSockets: connections },
    },
    logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
  });
  return { sdk, client };
}

/** Has the signature cover the body; for a stream the client would leave it out. */
function signBody(command: PutObjectCommand, hash: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = hash;
      return next(args);
    },
    { step: 'build', name: 'signBody' },
  );
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function statusOf(error: unknown): number | undefined {
  return (error as Partial<S3ServiceException> | null)?.$metadata?.httpStatusCode;
}

/** Whether the bucket is there and the object is not. */
function isMissing(error: unknown): boolean {
  return statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket';
}

/** Whether a later attempt may succeed: the service was busy or broken, or no answer came. */
function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status === 429 || status >= 500 || (error as Error).name === 'RequestTimeout';
}
