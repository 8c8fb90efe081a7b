import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Dropdown, Input } from 'antd';
import { useState } from 'react';
import type { CustomerNote } from '../../../contract/customer.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, Avatar, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { roomCount } from '../parts/room-left.tsx';
import { lengthOf } from '../parts/text-room.ts';
import { useSession } from '../session/session.tsx';
import { notesOf, outdate } from './data.ts';
import { useCustomerTexts } from './texts.ts';
import styles from './notes.module.css';

const most = 10_000;

/** Colleagues' notes about a customer (客户备注), the pinned ones first. What is being written survives a refusal. */
export function Notes({ customerId, writable }: { customerId: string; writable: boolean }) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  const list = useInfiniteQuery(notesOf(customerId));
  const notes = list.data?.pages.flatMap((page) => page.items) ?? [];
  const mayWrite = writable && may('customer.write');
  return (
    <div className={styles.notes}>
      {mayWrite && <NewNote customerId={customerId} />}
      {list.isPending && <Delayed><RowSkeleton rows={3} height={62} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && notes.length === 0 && <p className={styles.nothing}>{say('note.none')}</p>}
      <ul className={styles.list}>
        {notes.map((note) => (
          <Note key={note.id} note={note} mayWrite={mayWrite} />
        ))}
      </ul>
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
    </div>
  );
}

function NewNote({ customerId }: { customerId: string }) {
  const { t: say } = useCustomerTexts();
  const queryClient = useQueryClient();
  const [body, setBody] = useState('');
  const [pinned, setPinned] = useState(false);
  const add = useMutation({
    mutationFn: () => postOnce(`/customers/${customerId}/notes`, { body: body.trim(), ...(pinned ? { pinned } : {}) }),
    onSuccess: () => {
      setBody('');
      setPinned(false);
      outdate(queryClient, 'customers');
    },
  });
  const send = (): void => {
    if (body.trim() !== '' && lengthOf(body.trim()) <= most && !add.isPending) add.mutate();
  };
  return (
    <div className={styles.writing}>
      <Input.TextArea
        value={body}
        count={roomCount(most)}
        autoSize={{ minRows: 2, maxRows: 10 }}
        placeholder={say('note.placeholder')}
        aria-label={say('note.placeholder')}
        onChange={(event) => setBody(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
        }}
      />
      {add.isError && <ProblemAlert error={add.error} />}
      <div className={styles.foot}>
        <Checkbox checked={pinned} onChange={(event) => setPinned(event.target.checked)}>{say('note.pinned')}</Checkbox>
        <Button type="primary" size="small" disabled={body.trim() === '' || lengthOf(body.trim()) > most} loading={add.isPending} onClick={send}>{say('note.add')}</Button>
      </div>
    </div>
  );
}

/** One note; whoever may write customers may change it. */
export function Note({ note, mayWrite }: { note: CustomerNote; mayWrite: boolean }) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<string | null>(null);
  const path = `/customers/${note.customerId}/notes/${note.id}`;
  const change = useMutation({
    mutationFn: (what: { body?: string; pinned?: boolean } | 'remove'): Promise<unknown> => (what === 'remove' ? api.delete(path) : api.patch<CustomerNote>(path, what, { ifMatch: `"${note.version}"` })),
    onSuccess: () => setDraft(null),
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.status === 412 ? say('note.stale') : problem.title);
    },
    onSettled: () => outdate(queryClient, 'customers'),
  });
  const name = note.author.name ?? say('history.colleague');
  return (
    <li className={styles.note} data-pinned={note.pinned || undefined}>
      <Avatar name={name} size={24} />
      <div className={styles.body}>
        <div className={styles.head}>
          <strong>{name}</strong>
          {note.pinned && <span className={styles.pinned}>{say('note.pinned')}</span>}
          <Ago value={note.createdAt} className={styles.time} />
          {note.editedAt !== null && <span className={styles.time}>{say('note.edited')}</span>}
          {mayWrite && draft === null && (
            <Dropdown
              trigger={['click']}
              menu={{
                items: [
                  { key: 'edit', label: say('note.edit') },
                  { key: 'pin', label: note.pinned ? say('note.unpin') : say('note.pin') },
                  { type: 'divider' },
                  { key: 'remove', label: say('note.remove'), danger: true },
                ],
                onClick: ({ key }) => {
                  if (key === 'edit') setDraft(note.body);
                  else if (key === 'pin') change.mutate({ pinned: !note.pinned });
                  else modal.confirm({ title: say('note.removeAsk'), okText: say('note.remove'), okButtonProps: { danger: true }, onOk: () => change.mutateAsync('remove').catch(() => undefined) });
                },
              }}
            >
              <Button type="text" size="small" className={styles.more} icon={<Icon name="more" size={14} />} aria-label={say('note.actionsOf')} />
            </Dropdown>
          )}
        </div>
        {draft === null ? (
          <p className="prose" dir="auto">{note.body}</p>
        ) : (
          <>
            <Input.TextArea autoFocus value={draft} count={roomCount(most)} autoSize={{ minRows: 2, maxRows: 12 }} aria-label={say('note.edit')} onChange={(event) => setDraft(event.target.value)} />
            <div className={styles.foot}>
              <Button size="small" onClick={() => setDraft(null)}>{t('common.cancel')}</Button>
              <Button size="small" type="primary" disabled={draft.trim() === '' || draft === note.body || lengthOf(draft.trim()) > most} loading={change.isPending} onClick={() => change.mutate({ body: draft.trim() })}>{t('common.save')}</Button>
            </div>
          </>
        )}
      </div>
    </li>
  );
}
