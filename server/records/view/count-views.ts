import { ListViewCounts, ViewCounts } from '../../../contract/view.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { countViews } from './counts.ts';
import { standardViews } from './standard-views.ts';
import { favouritesOf, findView, type AnyView } from './views.ts';

const mostAtOnce = 100;

/** How many tickets views hold now (视图计数). Of views that are gone or not the caller's to see nothing is said. */
export const listViewCounts = useCase({
  summary: 'Count the tickets of views',
  query: ListViewCounts,
  answer: ViewCounts,
  async run(context, { query }) {
    const wanted = query.views === undefined
      ? [...standardViews.map((view) => view.key), ...(await favouritesOf(context)).keys()]
      : query.views.split(',').map((one) => one.trim()).filter(Boolean);
    const ids = [...new Set(wanted)];
    if (ids.length > mostAtOnce) throw invalidInput('/views', 'maxItems', { zh: `最多 ${mostAtOnce} 个视图`, en: `takes at most ${mostAtOnce} views` });
    const views = await Promise.all(ids.map((id) => findView(context, id).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'not_found') return null;
      throw error;
    })));
    return { items: await countViews(context, views.filter((view): view is AnyView => view !== null)) };
  },
});
