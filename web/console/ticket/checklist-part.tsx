import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Input } from 'antd';
import { useId, useState } from 'react';
import type { AddChecklistItems, Checklist, ChecklistItem, UpdateChecklistItem } from '../../../contract/collaboration.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useNow } from '../../ui/react/now.ts';
import { checklistTemplates, deskKeys, ticketChecklist } from '../data/desk.ts';
import { ticketKeys } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { moved } from '../parts/reorder-places.ts';
import { useSession } from '../session/session.tsx';
import { ChecklistLine } from './checklist-item.tsx';
import own from './checklist.module.css';
import styles from './together.module.css';

/** What is to be done on a ticket, point by point (检查清单); each tick shows at once and is taken back when refused. */
export function ChecklistPart({ ticket }: { ticket: Ticket }) {
  const { t, language } = useTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState('');
  const editable = may('ticket.resolve') && ticket.mergedInto === null;
  const key = deskKeys.checklist(ticket.id);
  const list = useQuery(ticketChecklist(ticket.id));
  const templates = useQuery({ ...checklistTemplates, enabled: editable }).data ?? [];
  const renew = (): Promise<unknown> => Promise.all([key, ticketKeys.timeline(ticket.number), ticketKeys.detail(ticket.number)].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  const failed = (error: unknown): void => {
    void message.error(asProblem(error).title);
    void renew();
  };
  const add = useMutation({
    mutationFn: (body: AddChecklistItems) => postOnce(`/tickets/${ticket.id}/checklist`, body),
    onSuccess: (_answer, body) => {
      if (body.items !== undefined) setTyped('');
      void renew();
    },
    onError: failed,
  });
  // Kept beside the list: what somebody else changed meanwhile makes it be read anew, and that may still be without this tick.
  const [ticking, setTicking] = useState<ReadonlyMap<string, ChecklistItem['done']>>(new Map());
  const tick = useMutation({
    // One after another, so that taking a tick back goes by the version which the tick made.
    scope: { id: `checklist ${ticket.id}` },
    mutationFn: ({ item, done }: { item: ChecklistItem; done: boolean; shown: ChecklistItem['done'] }) => {
      const { version } = queryClient.getQueryData<Checklist>(key)?.items.find(({ id }) => id === item.id) ?? item;
      return api.patch(`/tickets/${ticket.id}/checklist/${item.id}`, { done }, { ifMatch: `"${version}"` });
    },
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: async (_answer, _error, { shown, item }) => {
      await renew();
      // A later tick on the same point has a state of its own by then.
      setTicking((before) => (before.get(item.id) === shown ? new Map([...before].filter(([id]) => id !== item.id)) : before));
    },
  });
  function tickNow(item: ChecklistItem, done: boolean): void {
    const shown = done ? { at: new Date().toISOString(), by: { id: null, name: null } } : null;
    setTicking((before) => new Map(before).set(item.id, shown));
    tick.mutate({ item, done, shown });
  }
  const remove = useMutation({ mutationFn: (item: ChecklistItem) => api.delete(`/tickets/${ticket.id}/checklist/${item.id}`), onSuccess: renew, onError: failed });
  const order = useMutation({ mutationFn: (itemIds: string[]) => postOnce(`/tickets/${ticket.id}/checklist/order`, { itemIds }), onSuccess: renew, onError: failed });

  const change = useMutation({ mutationFn: ({ item, changes }: { item: ChecklistItem; changes: UpdateChecklistItem }) => api.patch(`/tickets/${ticket.id}/checklist/${item.id}`, changes, { ifMatch: `"${item.version}"` }), onSuccess: renew, onError: failed });
  const now = useNow();
  const name = useId();

  const items = (list.data?.items ?? []).map((item) => (ticking.has(item.id) ? { ...item, done: ticking.get(item.id) ?? null } : item));
  const doneCount = items.filter(({ done }) => done !== null).length;
  function move(from: number, to: number): void {
    const next = moved(items, from, to);
    // Shown at once; the answer, or the refusal, puts it right.
    queryClient.setQueryData<Checklist>(key, (before) => before && { ...before, items: next });
    order.mutate(next.map(({ id }) => id));
  }
  return (
    <>
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && list.data.total > 0 && (
        <div className={styles.progress}>
          <span>{t('checklist.progress', { done: doneCount, total: list.data.total })}</span>
          <progress max={list.data.total} value={doneCount} aria-label={t('checklist.title')} />
        </div>
      )}
      <ul className={own.items}>
        {items.map((item, index) => (
          <ChecklistLine
            key={item.id} item={item} list={name} index={index} count={items.length} editable={editable} now={now}
            onTick={(done) => tickNow(item, done)} onChange={(changes) => change.mutate({ item, changes })} onMove={move} onRemove={() => remove.mutate(item)}
          />
        ))}
      </ul>
      {editable && (
        <form
          className={styles.addLine}
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() !== '') add.mutate({ items: [{ text: typed.trim() }] });
          }}
        >
          <Input size="small" variant="borderless" prefix={<Icon name="plus" size={14} />} placeholder={t('checklist.add')} aria-label={t('checklist.add')} maxLength={500} value={typed} onChange={(event) => setTyped(event.target.value)} />
          {templates.length > 0 && (
            <Dropdown trigger={['click']} menu={{ items: templates.map((one) => ({ key: one.id, label: localName(one, language), onClick: () => add.mutate({ template: one.id }) })) }}>
              <Button size="small" type="text" icon={<Icon name="queue" size={14} />} aria-label={t('checklist.template')} title={t('checklist.template')} aria-haspopup="menu" />
            </Dropdown>
          )}
        </form>
      )}
    </>
  );
}
