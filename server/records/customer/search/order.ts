import { sql, type RawBuilder } from 'kysely';
import { isId } from '../../../platform/db/uuid.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { decodeCursor } from '../../../platform/http/cursor.ts';

/** An order of a list of records (档案排序): by a column, and where it is the same, by id. */
export interface RecordOrder<Row extends { id: string }> {
  /** What a cursor has to belong to. */
  name: string;
  /** Null where the order is that of the ids, which are given as time goes on. */
  column: { value: RawBuilder<unknown>; type: 'text' | 'date' | 'timestamptz'; of(row: Row): string | null; optional?: true } | null;
  id: RawBuilder<unknown>;
  direction: 'asc' | 'desc';
}

/** What a query of a page says beside its own conditions. */
export interface Stretch {
  conditions: readonly RawBuilder<unknown>[];
  by: RawBuilder<unknown>;
  most: number;
}

interface Place {
  value: string | null;
  id: string;
}

/** One page of a list from behind a cursor; what has nothing in the column comes last, whichever way the order goes. */
export async function pageInOrder<Row extends { id: string }>(order: RecordOrder<Row>, cursor: string | undefined, limit: number, find: (stretch: Stretch) => Promise<Row[]>): Promise<{ rows: Row[]; nextCursor: string | null }> {
  const { column } = order;
  const after = cursor === undefined ? null : readPlace(cursor, order);
  const way = order.direction === 'desc' ? sql`DESC` : sql`ASC`;
  const sign = order.direction === 'desc' ? sql`<` : sql`>`;
  const behindId = after === null ? [] : [sql`${order.id} ${sign} ${after.id}::uuid`];
  const rows: Row[] = [];
  const by = column === null ? sql`ORDER BY ${order.id} ${way}` : sql`ORDER BY ${column.value} ${way}, ${order.id} ${way}`;
  if (column !== null && !(after !== null && after.value === null)) {
    const behind = after === null ? [] : [sql`(${column.value}, ${order.id}) ${sign} (${after.value}::${sql.raw(column.type)}, ${after.id}::uuid)`];
    const present = column.optional ? [sql`${column.value} IS NOT NULL`] : [];
    rows.push(...await find({ conditions: [...present, ...behind], by, most: limit + 1 }));
  }
  if (column === null || (column.optional && rows.length <= limit)) {
    const absent = column === null ? [] : [sql`${column.value} IS NULL`];
    rows.push(...await find({ conditions: [...absent, ...(after?.value === null ? behindId : [])], by, most: limit + 1 - rows.length }));
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last ? writePlace(order.name, { value: column?.of(last) ?? null, id: last.id }) : null };
}

function writePlace(name: string, { value, id }: Place): string {
  return Buffer.from(JSON.stringify([name, value, id])).toString('base64url');
}

const longestValue = 400;

function readPlace<Row extends { id: string }>(cursor: string, { name, column }: RecordOrder<Row>): Place {
  try {
    const parts: unknown = JSON.parse(decodeCursor(cursor));
    if (Array.isArray(parts) && parts.length === 3 && parts[0] === name && typeof parts[2] === 'string' && isId(parts[2])) {
      const value: unknown = parts[1];
      if (value === null ? column === null || column.optional : typeof value === 'string' && column !== null && isValue(value, column.type)) return { value: value as string | null, id: parts[2] };
    }
  } catch {
    // Not even JSON.
  }
  throw new Refusal('invalid_cursor');
}

/** Whether a value can be compared with those of a column; JavaScript also reads days that no calendar has, and a year 0. */
function isValue(text: string, type: 'text' | 'date' | 'timestamptz'): boolean {
  if (type === 'text') return text.length <= longestValue && !text.includes('\0') && text.isWellFormed();
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()) || moment.getUTCFullYear() < 1) return false;
  return type === 'date' ? moment.toISOString().slice(0, 10) === text : moment.toISOString() === text;
}
