import type { QueryClient } from '@tanstack/react-query';
import type { Category } from '../../../contract/organization.ts';
import type { Me } from '../../../contract/session.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { api, asProblem } from '../../ui/api.ts';
import { feed } from '../../ui/feed.ts';
import { lineKeys } from '../data/lines.ts';
import { ticketKeys } from '../data/tickets.ts';
import { recordFact, type FeedFact } from './activity.ts';
import type { LineReader } from './place-line.ts';
import { applyTicket, removeTicket, showsTicket } from './ticket-cache.ts';

/** Facts of one ticket within this many milliseconds are answered by one look at it. */
const gather = 60;
/** So many tickets changing at once (an import, say) are cheaper as fresh lists than one by one. */
const flood = 40;
const insightPause = 1500;
/** Tasks of flows are looked at once for all that a step does. */
const tasksPause = 300;

const isOfTasks = (kind: string): boolean => /^(task|approval|flow)\./.test(kind);

/** Which cached lists a kind of fact outdates, by the first word of its name. */
const recordsOfFact: Record<string, string> = {
  department: 'departments', team: 'teams', staff: 'staff', role: 'roles', category: 'categories', ticket_type: 'ticket-types', customer: 'customers', contact_point: 'customers', customer_note: 'customers', technician_preference: 'technician-preferences', territory: 'territories', customer_tier: 'customer-tiers', skill: 'skills', shifts: 'shifts', mask_policy: 'masks', account: 'accounts', site: 'accounts', import: 'imports', asset: 'assets', api_key: 'api-keys', view: 'views',
  call: 'calls', offer: 'offers', hotline: 'hotline', link: 'links', merge: 'links', checklist: 'checklist', watcher: 'watchers', side_conversation: 'side', held_reply: 'held', absence: 'absences', macro: 'macros', canned_reply: 'canned-replies',
};

/** How the reader's own words in a filter are to be understood. */
export function readerOf(queryClient: QueryClient, me: Me): LineReader {
  return {
    id: me.id,
    timeZone: me.organization.timeZone,
    teamIds: me.teams.map((team) => team.id),
    categoryLiesIn: (categoryId, ancestorId) => {
      const parents = new Map(queryClient.getQueryData<Category[]>(['categories'])?.map((category) => [category.id, category.parentId]));
      for (let id: string | null | undefined = categoryId; id != null; id = parents.get(id)) if (id === ancestorId) return true;
      return false;
    },
  };
}

/**
 * Lets the feed's facts flow into what the console shows (实时更新).
 *
 * @returns the function that ends it
 */
export function startLive(queryClient: QueryClient, me: Me): () => void {
  const reader = readerOf(queryClient, me);
  const waiting = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let insightTimer: ReturnType<typeof setTimeout> | undefined;
  let tasksTimer: ReturnType<typeof setTimeout> | undefined;

  function onFact(fact: FeedFact): void {
    recordFact(fact);
    const records = recordsOfFact[fact.kind.split('.')[0] as string];
    if (records !== undefined) void queryClient.invalidateQueries({ queryKey: [records] });
    if (isOfTasks(fact.kind)) renewTasks();
    if (fact.ticketId === null || fact.number === null) return;
    waiting.set(fact.ticketId, fact.number);
    timer ??= setTimeout(look, gather);
    insightTimer ??= setTimeout(() => {
      insightTimer = undefined;
      void queryClient.invalidateQueries({ queryKey: ['insight'] });
      void queryClient.invalidateQueries({ queryKey: ['view-counts'] });
    }, insightPause);
  }

  function renewTasks(): void {
    tasksTimer ??= setTimeout(() => {
      tasksTimer = undefined;
      void queryClient.invalidateQueries({ queryKey: ['tasks'] });
    }, tasksPause);
  }

  function look(): void {
    timer = undefined;
    const changed = [...waiting];
    waiting.clear();
    for (const [, number] of changed) void queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(number) });
    if (changed.length > flood) {
      void queryClient.resetQueries({ queryKey: ticketKeys.lists });
      void queryClient.resetQueries({ queryKey: lineKeys.lists });
      void queryClient.invalidateQueries({ queryKey: ticketKeys.details });
      return;
    }
    const listed = [ticketKeys.lists, lineKeys.lists].some((queryKey) => queryClient.getQueryCache().findAll({ queryKey }).length > 0);
    for (const [ticketId] of changed) if (listed || showsTicket(queryClient, ticketId)) void renew(ticketId);
  }

  async function renew(ticketId: string): Promise<void> {
    try {
      const { data } = await api.get<Ticket>(`/tickets/${ticketId}`);
      applyTicket(queryClient, data, reader);
    } catch (error) {
      if (asProblem(error).status === 404) removeTicket(queryClient, ticketId);
    }
  }

  const unsubscribe = feed.subscribe((event) => {
    if (event.type === 'fact') onFact(event.data as FeedFact);
    // Whoever does not read the ticket is told of a task all the same.
    else if (event.type === 'notification' && isOfTasks((event.data as { factKind: string }).factKind)) renewTasks();
    else if (event.type === 'hidden') removeTicket(queryClient, (event.data as { ticketId: string }).ticketId);
    else if (event.type === 'reset') void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
    clearTimeout(insightTimer);
    clearTimeout(tasksTimer);
  };
}
