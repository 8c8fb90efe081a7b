import { useCallback, useEffect, useRef, useState } from 'react';
import { largestFile, type FileSummary } from '../../../contract/file.ts';
import { api, asProblem } from '../../ui/api.ts';
import { t } from '../i18n.ts';
import { formatBytes } from '../parts/bytes.ts';
import { refusalOf } from './upload-rules.ts';

/** A file on its way up, or there already. */
export type Upload = { key: string; name: string; size: number; share: number; file?: FileSummary; problem?: string; retryable?: boolean; picture?: string };

const maximumFiles = 20;
/** Bytes from which on a file is sent in pieces. */
const large = 5_000_000;

const there = (file: FileSummary): Upload => ({ key: file.id, name: file.name, size: file.size, share: 1, file });

/**
 * Files sent while one still writes (附件上传), so that sending takes no time at the end.
 *
 * @param kept those of a draft, there already
 * @param onChange called with the files that are there whenever they change, for the draft
 */
export function useUploads(kept: readonly FileSummary[], onChange: (files: FileSummary[]) => void) {
  const [uploads, setUploads] = useState<Upload[]>(() => kept.map(there));
  const [refusal, setRefusal] = useState<string | null>(null);
  const aborts = useRef(new Map<string, AbortController>());
  const sources = useRef(new Map<string, File>());
  /** Where parts of large ones lie. */
  const places = useRef(new Map<string, string>());
  const told = useRef(onChange);
  useEffect(() => {
    told.current = onChange;
  });

  const ready = uploads.flatMap((upload) => (upload.file === undefined ? [] : [upload.file]));
  const readyKey = ready.map((file) => file.id).join();
  const lastKey = useRef(readyKey);
  useEffect(() => {
    if (lastKey.current === readyKey) return;
    lastKey.current = readyKey;
    told.current(ready);
    // `ready` is what `readyKey` names.
  }, [readyKey, ready]);

  useEffect(() => {
    const running = aborts.current;
    return () => {
      for (const abort of running.values()) abort.abort();
    };
  }, []);

  const change = useCallback((key: string, part: Partial<Upload>) => setUploads((before) => before.map((upload) => (upload.key === key ? { ...upload, ...part } : upload))), []);

  const send = useCallback((key: string, file: File) => {
    const abort = new AbortController();
    aborts.current.set(key, abort);
    const onProgress = (share: number): void => change(key, { share });
    const inPieces = async (): Promise<FileSummary> => (await import('../../ui/resumable.ts')).sendInPieces(file, {
      name: file.name, fields: { purpose: 'attachment', visibility: 'internal' }, key, address: places.current.get(key) ?? null,
      onAddress: (address) => void (address === null ? places.current.delete(key) : places.current.set(key, address)), onProgress, signal: abort.signal,
    });
    // What the network breaks off of a large one is gone on with.
    (file.size < large ? api.upload<FileSummary>(file, { fields: { purpose: 'attachment' }, signal: abort.signal, onProgress, idempotencyKey: key }) : inPieces())
      .then((stored) => {
        sources.current.delete(key);
        change(key, { share: 1, file: stored });
      })
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        const problem = asProblem(error);
        // What was refused for what it is stays refused; what the network broke off is sent again.
        change(key, { problem: problem.title, retryable: problem.temporary });
      })
      .finally(() => aborts.current.delete(key));
  }, [change]);

  const room = maximumFiles - uploads.length;
  const add = useCallback(
    (files: readonly File[]) => {
      setRefusal(files.length > room ? t('upload.tooMany', { count: maximumFiles }) : null);
      for (const file of files.slice(0, Math.max(0, room))) {
        const key = crypto.getRandomValues(new Uint32Array(2)).join('-');
        const refused = refusalOf(file);
        if (refused !== null) {
          const problem = refused === 'tooLarge' ? t('upload.tooLarge', { size: formatBytes(file.size), limit: formatBytes(largestFile) }) : t(refused === 'empty' ? 'upload.empty' : 'upload.type');
          setUploads((before) => [...before, { key, name: file.name, size: file.size, share: 0, problem, retryable: false }]);
          continue;
        }
        sources.current.set(key, file);
        const picture = file.type.startsWith('image/') ? URL.createObjectURL(file) : undefined;
        setUploads((before) => [...before, { key, name: file.name, size: file.size, share: 0, picture }]);
        send(key, file);
      }
    },
    [send, room],
  );

  /** Sends one again that did not arrive. */
  const retry = useCallback((key: string) => {
    const file = sources.current.get(key);
    if (file === undefined) return;
    change(key, { problem: undefined, share: 0 });
    send(key, file);
  }, [change, send]);

  const remove = useCallback((key: string) => {
    aborts.current.get(key)?.abort();
    sources.current.delete(key);
    setRefusal(null);
    setUploads((before) => before.filter((upload) => upload.key !== key));
  }, []);

  const clear = useCallback(() => {
    sources.current.clear();
    setUploads([]);
  }, []);

  /** Puts files back that are on the server already. */
  const restore = useCallback((files: readonly FileSummary[]) => setUploads((before) => [...files.filter((file) => !before.some(({ key }) => key === file.id)).map(there), ...before]), []);

  return { uploads, ready, busy: uploads.some((upload) => upload.file === undefined && upload.problem === undefined), refusal, add, retry, remove, clear, restore };
}
