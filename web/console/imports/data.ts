import { queryOptions } from '@tanstack/react-query';
import type { ColumnMapping, Import, ImportIssue, ImportKind, ImportKindInfo } from '../../../contract/import.ts';
import { api } from '../../ui/api.ts';
import { pages } from '../customers/data.ts';

export const importKindList = queryOptions({
  queryKey: ['imports', 'kinds'], queryFn: async ({ signal }) => (await api.get<{ items: ImportKindInfo[] }>('/import-kinds', { signal })).data.items, staleTime: 300_000,
});
export const imports = (filter: { kind?: string | undefined; status?: string | undefined }) => pages<Import>('imports', '/imports', filter);
export const issuesOf = (id: string) => pages<ImportIssue & { id: string }>('import-issues', `/imports/${id}/issues`, {}, 200);

export const isUnfinished = ({ status }: Pick<Import, 'status'>): boolean => status === 'queued' || status === 'reading' || status === 'running';

/** How often one looks how far an import has come, in milliseconds. */
const lookEvery = 700;

export const importOf = (id: string) =>
  queryOptions({
    queryKey: ['imports', 'one', id], queryFn: async ({ signal }) => (await api.get<Import>(`/imports/${id}`, { signal })).data,
    refetchInterval: (query) => (query.state.data === undefined || isUnfinished(query.state.data) ? lookEvery : false),
  });

/** What is to be imported: a file that was sent, and what its columns say. */
export type Prepared = { fileId: string; kind: ImportKind; mapping: ColumnMapping; sheet?: string; encoding?: string };
const key = (importId: string): string => `bihuan.import.${importId}`;

/** Remembers what an import was made of, so that it can be done for good after a dry run, or once more. */
export function keepPrepared(importId: string, prepared: Prepared): void {
  try {
    sessionStorage.setItem(key(importId), JSON.stringify(prepared));
  } catch {
    // Without the storage the file is chosen anew.
  }
}

export function preparedOf(importId: string): Prepared | null {
  try {
    return JSON.parse(sessionStorage.getItem(key(importId)) ?? 'null') as Prepared | null;
  } catch {
    return null;
  }
}
