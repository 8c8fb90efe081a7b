import { sql } from 'kysely';
import { Closed, Id, limits, PageQuery } from '../../../../contract/common.ts';
import { ListMacros, Macro, MacroPage, MacroVersionPage, type MacroVersion } from '../../../../contract/desk.ts';
import { staffOf } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { containing } from '../../../platform/db/like.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { findReadableTicket } from '../../ticket/find.ts';
import { visibleTo } from '../sharing.ts';
import { conditionsHold } from './available.ts';
import { findMacro, viewMacros, type MacroRow } from './view.ts';

const params = Closed({ id: Id });

/** The macros the caller may use (宏列表), newest first; on a ticket, those whose condition holds for it. */
export const listMacros = useCase({
  summary: 'List macros',
  query: ListMacros,
  answer: MacroPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    const ticket = query.ticket === undefined ? null : await findReadableTicket(context, query.ticket);
    let select = build.selectFrom('macro').selectAll().where('tenant_id', '=', context.tenantId).where('active', '=', !query.archived).where(await visibleTo(context, 'macro'));
    if (query.kind !== undefined) select = select.where('kind', '=', query.kind);
    const q = query.q?.trim();
    if (q) select = select.where('name', 'ilike', containing(q));
    if (query.cursor !== undefined) select = select.where('id', '<', readCursor(query.cursor, 'macro')[1]);
    const rows: MacroRow[] = await context.transaction.run(select.orderBy('id', 'desc').limit(limit + 1));
    const page = rows.slice(0, limit);
    // A page on a ticket may be short before the end.
    const held = ticket && await conditionsHold(context, ticket.id, page.map((row) => row.condition));
    return {
      items: await viewMacros(context, held ? page.filter((_row, index) => held[index]) : page),
      nextCursor: rows.length > limit ? writeCursor('macro', ['', rows[limit - 1]!.id]) : null,
    };
  },
});

/** One macro (宏详情). */
export const showMacro = useCase({
  summary: 'Show a macro',
  params,
  answer: Macro,
  run: async (context, { params }) => (await viewMacros(context, [await findMacro(context, params.id)]))[0]!,
});

/** What a macro said before, newest first (宏的历史版本); what it said while it was somebody's own, to them alone. */
export const listMacroVersions = useCase({
  summary: 'List the versions of a macro',
  params,
  query: PageQuery,
  answer: MacroVersionPage,
  async run(context, { params, query }) {
    const macro = await findMacro(context, params.id);
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('macro_version').selectAll().where('tenant_id', '=', context.tenantId).where('macro_id', '=', macro.id);
    // Of versions of old it is not known whose business they were.
    select = select.where((where) => where.or([sql<boolean>`definition->>'kind' <> 'personal'`, where('changed_by', '=', staffOf(context).staffId)]));
    if (query.cursor !== undefined) select = select.where('version', '<', Number(readCursor(query.cursor, 'macro_version')[0]) || 0);
    const rows = await context.transaction.run(select.orderBy('version', 'desc').limit(limit + 1));
    return {
      items: rows.slice(0, limit).map((row): MacroVersion => {
        const { name, description, steps, condition } = row.definition as Pick<MacroVersion, 'name' | 'description' | 'steps' | 'condition'>;
        return { version: row.version, name, description, steps, condition, changedBy: row.changed_by === null ? null : { id: row.changed_by, name: row.changed_by_name ?? '' }, changedAt: row.changed_at.toISOString() };
      }),
      nextCursor: rows.length > limit ? writeCursor('macro_version', [String(rows[limit - 1]!.version), macro.id]) : null,
    };
  },
});
