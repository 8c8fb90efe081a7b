import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Popconfirm } from 'antd';
import { useRef } from 'react';
import type { Comment, ReplyDelivery, TimelineEntry } from '../../../contract/ticket.ts';
import { api } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { DeliveryLines } from '../ticket/delivery-lines.tsx';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

const soonMilliseconds = 1_000;
const laterMilliseconds = 5_000;
// After that, what is tried again is looked at now and then.
const impatientMilliseconds = 10_000;
// Where a platform tells neither that it arrived nor that it was read, it says nothing more.
const receiptMilliseconds = 30_000;
const mostPages = 10;
const ended: readonly ReplyDelivery['state'][] = ['read', 'failed', 'held'];
const gone: readonly ReplyDelivery['state'][] = [...ended, 'sent', 'delivered'];

/** A test answer to whoever wrote the test message (测试回复), by the very way an agent's answer takes, and what became of it in the platform's own words. */
export function AnswerTest({ ticket, who }: { ticket: { id: string; number: string }; who: string | null }) {
  const { t: say } = useChannelTexts();
  const page = useRef<string | undefined>(undefined);
  const send = useMutation({ mutationFn: () => postOnce<Comment>(`/tickets/${ticket.id}/comments`, { body: say('answer.body'), visibility: 'public' }) });
  const sent = send.data?.id;
  const deliveries = useQuery<readonly ReplyDelivery[]>({
    queryKey: ['channel-answer', ticket.id, sent], enabled: sent !== undefined,
    refetchInterval: ({ state: { data = [] } }) => {
      const passed = Date.now() - send.submittedAt;
      const all = (states: readonly ReplyDelivery['state'][]) => data.length > 0 && data.every(({ state }) => states.includes(state));
      if (all(ended) || (all(gone) && passed > receiptMilliseconds)) return false;
      return passed > impatientMilliseconds ? laterMilliseconds : soonMilliseconds;
    },
    queryFn: async ({ signal }) => {
      // What is new stands at the end: it is looked for from where one came to the last time.
      for (let pages = 0; pages < mostPages; pages += 1) {
        const { items, nextCursor } = (await api.get<{ items: TimelineEntry[]; nextCursor: string | null }>(`/tickets/${ticket.id}/timeline`, { query: { limit: 200, cursor: page.current }, signal })).data;
        const comment = items.find((entry) => entry.comment?.id === sent)?.comment;
        if (comment) return comment.deliveries;
        if (nextCursor === null) break;
        page.current = nextCursor;
      }
      return [];
    },
  });
  const shown = deliveries.data ?? [];
  return (
    <section className={styles.answer} aria-label={say('answer')}>
      <h3 className={styles.cardTitle}>{say('answer')}</h3>
      <p className={styles.muted}>{say('answer.hint')}</p>
      {send.isError && <ProblemAlert error={send.error} />}
      {sent !== undefined && shown.length === 0 && <p className={styles.muted} role="status">{say('answer.sending')}</p>}
      {shown.length > 0 && <DeliveryLines ticketId={ticket.id} number={ticket.number} deliveries={shown} />}
      {shown.length > 0 && shown.every(({ state }) => state === 'sent' || state === 'delivered' || state === 'read') && <p className={styles.muted} role="status">{say('answer.well')}</p>}
      <p>
        <Popconfirm title={who === null ? say('answer.sure') : say('answer.sureWho', { who })} description={say('answer.sureHint')} okText={say('answer.send')} cancelText={say('settings.cancel')} onConfirm={() => send.mutate()}>
          <Button type={sent === undefined ? 'primary' : 'default'} loading={send.isPending}>{say('answer.send')}</Button>
        </Popconfirm>
      </p>
    </section>
  );
}
