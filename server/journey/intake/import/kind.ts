import type { TSchema } from 'typebox';
import type { ImportKind } from '../../../../contract/import.ts';
import type { Permission } from '../../../../rules/access/permissions.ts';
import { textIn, type Value } from '../../../../rules/imports/values.ts';
import type { Context } from '../../../platform/context.ts';
import { ensureStorable, ensureValid, validator } from '../../../platform/http/validation.ts';
import type { Ties } from './waves.ts';

/** A row of a file, ready to become a record. */
export interface ImportedRow {
  /** What its columns say, by target; those that say nothing are not in it. */
  said: ReadonlyMap<string, Value>;
  /** By which it is known when it comes again. */
  key: string;
  importId: string;
  /** Nothing of it stays: what earlier rows would have made is not there. */
  dryRun: boolean;
  /** Of a dry run, what earlier rows would have made. */
  seen: Set<string>;
  timeZone: string;
}

/** What became of a row: made, changed, or there already and the same. */
export type Outcome = 'created' | 'updated' | 'present';

/** How rows become records of one kind (导入处理). */
export interface KindHandler {
  kind: ImportKind;
  /** What whoever imports has to hold beside `import.run`. */
  permission: Permission;
  /** Makes or changes the record of a row; throws a Refusal, whose paths name targets, when it cannot. */
  take(context: Context, row: ImportedRow): Promise<Outcome>;
  /** What binds a row to others of its file; where it is absent, rows are taken one after another. */
  ties?(row: Pick<ImportedRow, 'said' | 'key'>): Ties;
}

/** What rows say at these targets, as ties: the same value of any of them is the same tie. */
export function tiesTo(row: Pick<ImportedRow, 'said'>, name: string, ...targets: string[]): string[] {
  return targets.flatMap((target) => {
    const text = said(row, target)?.normalize('NFKC').toLowerCase().replace(/[\s()-]/g, '');
    return text ? [`${name} ${text}`] : [];
  });
}

/** A target's value as text, without blanks at its ends; undefined when the row does not say it. */
export function said(row: Pick<ImportedRow, 'said'>, target: string): string | undefined {
  return textIn(row.said.get(target))?.trim();
}

/** A number, an address or a code as it is typed, with letters and digits of full width (１３８) made plain. */
export function saidPlain(row: Pick<ImportedRow, 'said'>, target: string): string | undefined {
  return said(row, target)?.normalize('NFKC').trim();
}

/** The request that a row amounts to, checked as if somebody had sent it. */
export function checked<Body>(context: Context, schema: TSchema, body: Record<string, unknown>): Body {
  ensureStorable(body, context.language);
  ensureValid(validator(schema, 'json'), body, context.language);
  return body as Body;
}
