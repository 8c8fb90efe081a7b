import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { Comment, ReplyDelivery, TimelineEntry } from '../../../contract/ticket.ts';
import { api } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { DeliveryLines } from '../ticket/delivery-lines.tsx';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

const everyMilliseconds = 1_000;
const mostPages = 10;
const ended: readonly ReplyDelivery['state'][] = ['read', 'failed', 'held'];

/** A test answer to whoever wrote the test message (测试回复), by the very way an agent's answer takes, and what became of it in the platform's own words. */
export function AnswerTest({ ticket }: { ticket: { id: string; number: string } }) {
  const { t: say } = useChannelTexts();
  const send = useMutation({ mutationFn: () => postOnce<Comment>(`/tickets/${ticket.id}/comments`, { body: say('answer.body'), visibility: 'public' }) });
  const sent = send.data?.id;
  const deliveries = useQuery<readonly ReplyDelivery[]>({
    queryKey: ['channel-answer', ticket.id, sent], enabled: sent !== undefined,
    refetchInterval: ({ state: { data } }) => (data !== undefined && data.length > 0 && data.every(({ state }) => ended.includes(state)) ? false : everyMilliseconds),
    queryFn: async ({ signal }) => {
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const { items, nextCursor } = (await api.get<{ items: TimelineEntry[]; nextCursor: string | null }>(`/tickets/${ticket.id}/timeline`, { query: { limit: 200, cursor }, signal })).data;
        const comment = items.find((entry) => entry.comment?.id === sent)?.comment;
        if (comment) return comment.deliveries;
        if (nextCursor === null) break;
        cursor = nextCursor;
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
      <p><Button type={sent === undefined ? 'primary' : 'default'} loading={send.isPending} onClick={() => send.mutate()}>{say('answer.send')}</Button></p>
    </section>
  );
}
