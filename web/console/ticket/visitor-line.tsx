import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { TicketVisitor } from '../../../contract/chat.ts';
import type { Presence } from '../../../contract/desk.ts';
import { api } from '../../ui/api.ts';
import { Ago } from '../../ui/react/index.ts';
import { replyRoute } from '../data/tickets.ts';
import { replyTexts } from './reply-texts.ts';
import styles from './visitor-line.module.css';

const againMilliseconds = 20_000;
const isLink = (url: string): boolean => /^https?:\/\//i.test(url);

/** Whether the visitor of the website is there, whether they write, and which page they are on (访客在线状态). */
export function VisitorLine({ ticketId, number, there }: { ticketId: string; number: string; there: Presence['people'][number] | undefined }) {
  const { t } = replyTexts.useTexts();
  const { data } = useQuery({
    queryKey: ['ticket', ticketId, 'visitor'], refetchInterval: againMilliseconds,
    queryFn: async ({ signal }) => (await api.get<TicketVisitor>(`/tickets/${ticketId}/visitor`, { signal })).data,
  });
  const queryClient = useQueryClient();
  const visitor = data?.visitor;
  // What is told as it happens goes before what was asked a moment ago.
  const online = there !== undefined || visitor?.online === true;
  // An answer goes another way to whoever has left.
  useEffect(() => void queryClient.invalidateQueries({ queryKey: replyRoute(number).queryKey }), [queryClient, number, online]);
  if (!visitor) return null;
  const page = there?.page ?? visitor.page;
  return (
    <p className={styles.line} data-online={online || undefined}>
      <span className={styles.state} role="status"><i aria-hidden="true" />{there?.state === 'typing' ? t('visitor.typing') : online ? t('visitor.online') : visitor.lastAt === null ? t('visitor.away') : <>{t('visitor.awaySince')} <Ago value={visitor.lastAt} /></>}</span>
      {visitor.user !== null && <span className={styles.proven}>{t('visitor.proven', { user: visitor.user })}</span>}
      {visitor.name !== null && <span>{t('visitor.said', { name: visitor.name })}</span>}
      {page && isLink(page.url) && <span className={styles.page}>{t(online ? 'visitor.page' : 'visitor.lastPage')} <a href={page.url} target="_blank" rel="noopener noreferrer" title={page.url}>{page.title || page.url}</a></span>}
      {visitor.page && isLink(visitor.page.referrer) && <span className={styles.page}>{t('visitor.from')} <a href={visitor.page.referrer} target="_blank" rel="noopener noreferrer" title={visitor.page.referrer}>{new URL(visitor.page.referrer).host}</a></span>}
    </p>
  );
}
