import type { QueryClient } from '@tanstack/react-query';
import type { FileSummary } from '../../../contract/file.ts';
import type { Me } from '../../../contract/session.ts';
import type { AddComment, TimelineEntry } from '../../../contract/ticket.ts';
import { ticketKeys, type TimelinePages } from '../data/tickets.ts';

const sendingId = 'sending';

function changeLastPage(queryClient: QueryClient, number: string, change: (items: TimelineEntry[]) => TimelineEntry[]): void {
  queryClient.setQueryData<TimelinePages>(ticketKeys.timeline(number), (timeline) => {
    const last = timeline?.pages.at(-1);
    if (timeline === undefined || last === undefined) return timeline;
    return { ...timeline, pages: [...timeline.pages.slice(0, -1), { ...last, items: change(last.items) }] };
  });
}

/** Shows a message on the timeline while it is still on its way. */
export function appendSending(queryClient: QueryClient, number: string, comment: AddComment, me: Me, files: readonly FileSummary[]): void {
  const at = new Date().toISOString();
  const actor = { kind: 'staff' as const, id: me.id, name: me.name };
  changeLastPage(queryClient, number, (items) => [
    ...items.filter((item) => item.id !== sendingId),
    {
      id: sendingId, kind: 'comment.added', title: '', at, recordedAt: at, actor, data: {}, files: [],
      comment: { id: sendingId, ticketId: '', visibility: comment.visibility, direction: comment.visibility === 'public' ? 'outbound' : 'internal', author: actor, body: comment.body, files: [...files], createdAt: at },
    },
  ]);
}

/** Takes it off again: it was refused, and stands in the composer. */
export function dropSending(queryClient: QueryClient, number: string): void {
  changeLastPage(queryClient, number, (items) => items.filter((item) => item.id !== sendingId));
}
