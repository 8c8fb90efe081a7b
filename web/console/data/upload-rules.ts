import { fileExtensions, largestFile } from '../../../contract/file.ts';

const known: ReadonlySet<string> = new Set(Object.values(fileExtensions).flatMap((extensions) => extensions.split(' ')));

/**
 * Why a file would surely be refused (上传前检查), so that nobody waits for it; null when it may be sent. By its name and by
 * what the browser takes it for: what it really is, the server finds out.
 */
export function refusalOf({ name, size, type }: Pick<File, 'name' | 'size' | 'type'>): 'tooLarge' | 'empty' | 'type' | null {
  if (size === 0) return 'empty';
  if (size > largestFile) return 'tooLarge';
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase();
  if (extension === undefined || known.has(extension)) return null;
  return type === '' || /^(?:image|audio|video)\//.test(type) || type === 'text/plain' ? null : 'type';
}
