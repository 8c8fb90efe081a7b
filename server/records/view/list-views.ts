import { Type } from 'typebox';
import { Closed, limits } from '../../../contract/common.ts';
import { ListViews, MarkFavourite, View, ViewPage } from '../../../contract/view.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { decodeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf } from '../organization/configuration.ts';
import { standardViews } from './standard-views.ts';
import { favouritesOf, findView, sharedTeams, showViews, visibleViews, type AnyView } from './views.ts';

export const viewParams = Closed({ id: Type.String({ pattern: '^([a-z]{2}[a-z_]{1,40}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$', maxLength: 64, description: 'Id, or key of a standard view' }) });

const idOf = (view: AnyView): string => ('row' in view ? view.row.id : view.standard.key);
const kindOf = (view: AnyView): string => ('row' in view ? view.row.kind : 'standard');

/** The views somebody may open (视图列表): standard, shared, of their teams, their own; or their favourites in their order. */
export const listViews = useCase({
  summary: 'List views',
  query: ListViews,
  answer: ViewPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    const [teams, favourites] = await Promise.all([configurationOf(context).then((configuration) => sharedTeams(context, configuration)), favouritesOf(context)]);
    const all: AnyView[] = [...standardViews.map((standard) => ({ standard })), ...(await visibleViews(context, teams)).map((row) => ({ row }))];
    const wanted = all.filter((view) => (query.kind === undefined || kindOf(view) === query.kind) && (query.favourite === undefined || favourites.has(idOf(view)) === query.favourite));
    if (query.favourite === true) wanted.sort((a, b) => favourites.get(idOf(a))! - favourites.get(idOf(b))!);
    const start = query.cursor === undefined ? 0 : placeBehind(wanted, query.cursor);
    const page = wanted.slice(start, start + limit);
    const last = page.at(-1);
    return {
      items: await showViews(context, page, { teams, favourites }),
      nextCursor: start + limit < wanted.length && last ? Buffer.from(`view ${idOf(last)}`).toString('base64url') : null,
    };
  },
});

function placeBehind(views: readonly AnyView[], cursor: string): number {
  const id = /^view ([a-z0-9_-]{1,64})$/.exec(decodeCursor(cursor))?.[1];
  const place = id === undefined ? -1 : views.findIndex((view) => idOf(view) === id);
  // One that was removed meanwhile leaves no place to go on from.
  if (place < 0) throw new Refusal('invalid_cursor');
  return place + 1;
}

/** One view (视图详情). */
export const showView = useCase({
  summary: 'Show a view',
  params: viewParams,
  answer: View,
  run: async (context, { params }) => (await showViews(context, [await findView(context, params.id)]))[0]!,
});

/** Puts the reader's own star on a view, or takes it away (收藏). */
export const markFavourite = useCase({
  summary: 'Mark a view as a favourite',
  params: viewParams,
  body: MarkFavourite,
  answer: View,
  async run(context, { params, body }) {
    const view = await findView(context, params.id);
    await setFavourite(context, idOf(view), body.favourite, body.position);
    return (await showViews(context, [view]))[0]!;
  },
});

/** Writes or removes a star; without a position a new one comes last. */
export async function setFavourite(context: Context, view: string, favourite: boolean, position?: number): Promise<void> {
  const { transaction, tenantId } = context;
  const { staffId } = staffOf(context);
  if (!favourite) {
    await transaction.run(build.deleteFrom('ticket_view_favourite').where('tenant_id', '=', tenantId).where('staff_id', '=', staffId).where('view', '=', view));
    return;
  }
  const present = await favouritesOf(context);
  const place = position ?? present.get(view) ?? Math.max(-1, ...present.values()) + 1;
  await transaction.run(build.insertInto('ticket_view_favourite').values({ tenant_id: tenantId, staff_id: staffId, view, position: place })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'staff_id', 'view']).doUpdateSet({ position: place })));
}
