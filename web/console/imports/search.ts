import type { Import } from '../../../contract/import.ts';
import { importKinds, importStatuses, type ImportKind } from '../../../contract/import-words.ts';

/** Which imports are listed. */
export type ImportsSearch = { kind?: ImportKind | undefined; status?: Import['status'] | undefined };
export const readImportsSearch = (search: Record<string, unknown>): ImportsSearch => ({ kind: importKinds.find((kind) => kind === search.kind), status: importStatuses.find((status) => status === search.status) });

/** What the wizard begins with: a kind, and the import whose file is taken again. */
export type WizardSearch = { kind?: ImportKind | undefined; from?: string | undefined };
export const readWizardSearch = (search: Record<string, unknown>): WizardSearch => ({ kind: importKinds.find((kind) => kind === search.kind), from: typeof search.from === 'string' && search.from !== '' ? search.from : undefined });
