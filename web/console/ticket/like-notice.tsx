import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useState } from 'react';
import type { GatheredTickets, MergeCandidates, MergeResult } from '../../../contract/collaboration.ts';
import type { Static } from 'typebox';
import type { Ticket } from '../../../contract/ticket.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, StatusTag } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { GatherDialog } from './gather-dialog.tsx';
import { candidatesOf } from './like-data.ts';
import { likeTexts } from './like-texts.ts';
import { useRenewTogether } from './renew-together.ts';
import styles from './like-notice.module.css';

type Candidate = MergeCandidates['items'][number];
type Crowd = NonNullable<MergeCandidates['crowd']>;
const mostOffered = 2;

/** What is most likely the same matter, and whether many people are on about it (可能重复): one click joins, one keeps apart. */
export function LikeNotice({ ticket }: { ticket: Ticket }) {
  const { t } = likeTexts.useTexts();
  const { data } = useQuery(candidatesOf(ticket));
  const offered = (data?.items ?? []).filter((item) => item.offered).slice(0, mostOffered);
  if (offered.length === 0 && !data?.crowd) return null;
  return (
    <section aria-label={t('label')}>
      {offered.map((candidate) => <Offered key={candidate.ticket.number} ticket={ticket} candidate={candidate} />)}
      {data?.crowd && <Gathering key={ticket.id} ticket={ticket} crowd={data.crowd} />}
    </section>
  );
}

function Offered({ ticket, candidate: { ticket: other, reasons, score, createdAt } }: { ticket: Ticket; candidate: Candidate }) {
  const { t } = likeTexts.useTexts();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const renew = useRenewTogether(ticket);
  const older = createdAt < ticket.createdAt;
  const merge = useMutation({
    mutationFn: () => postOnce<MergeResult>(`/tickets/${older ? ticket.id : other.number}/merge`, { into: older ? other.number : ticket.number }),
    onSuccess: ({ target }) => {
      renew(other.number);
      void message.success(t('merged', { number: target.number }));
      if (target.number !== ticket.number) void navigate({ to: '/tickets/$number', params: { number: target.number } });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  const apart = useMutation({
    mutationFn: () => postOnce<MergeCandidates>(`/tickets/${ticket.id}/merge-candidates/${other.number}/dismiss`, {}),
    onSuccess: (left) => queryClient.setQueryData(candidatesOf(ticket).queryKey, left),
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <div className={styles.like}>
      <Icon name="copy" size={16} />
      <div className={styles.words}>
        <span>{t('same')}</span>
        <Link to="/tickets/$number" params={{ number: other.number }}>{other.subject}</Link>
        {other.status !== null && <StatusTag status={other.status} />}
        {reasons.map(({ code, title }) => <Badge key={code}>{title}</Badge>)}
        <span className={styles.muted}>{t('score', { score })} · <Ago value={createdAt} /></span>
      </div>
      <span className={styles.deeds}>
        <Button size="small" type="primary" title={t('mergeHint')} loading={merge.isPending} onClick={() => merge.mutate()}>{t('merge')}</Button>
        <Button size="small" loading={apart.isPending} onClick={() => apart.mutate()}>{t('apart')}</Button>
      </span>
    </div>
  );
}

function Gathering({ ticket, crowd: { people, reason, tickets, parent } }: { ticket: Ticket; crowd: Crowd }) {
  const { t } = likeTexts.useTexts();
  const [hidden, setHidden] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const gather = useGathering(ticket, parent, () => setChoosing(false));
  if (hidden) return null;
  const leads = parent?.number === ticket.number;
  const sure = tickets.filter((one) => one.sure).length;
  return (
    <div className={styles.like}>
      <Icon name="people" size={16} />
      <div className={styles.words}>
        <span>{t(sure === 0 && tickets.length > 0 && parent === null ? 'crowd.unsure' : `crowd.${reason}`, { count: people })}</span>
        <span className={styles.muted}>{t('crowd.hint')}</span>
      </div>
      <span className={styles.deeds}>
        <Button size="small" type="primary" loading={gather.isPending && !choosing} onClick={() => (tickets.length === 0 ? gather.mutate([]) : setChoosing(true))}>
          {parent === null ? `${t('crowd.gather')}…` : leads ? `${t('crowd.take', { count: tickets.length })}…` : tickets.length > 0 ? `${t('crowd.joinWith', { number: parent.number, count: tickets.length })}…` : t('crowd.join', { number: parent.number })}
        </Button>
        <Button size="small" type="text" onClick={() => setHidden(true)}>{t('hide')}</Button>
      </span>
      {choosing && <GatherDialog ticket={ticket} tickets={tickets} leads={leads} pending={gather.isPending} onGather={(ids) => gather.mutate(ids)} onClose={() => setChoosing(false)} />}
    </div>
  );
}

/** Puts a ticket and others below the one that leads them, or a new one. */
function useGathering(ticket: Ticket, parent: Crowd['parent'], done: () => void) {
  const { t } = likeTexts.useTexts();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const renew = useRenewTogether(ticket);
  return useMutation({
    mutationFn: (ids: readonly string[]) => postOnce<Static<typeof GatheredTickets>>(`/tickets/${ticket.id}/gather`, { tickets: ids, ...(parent === null ? {} : { parent: parent.number }) }),
    onSuccess: ({ parent: made, gathered, left }) => {
      done();
      renew(made.number);
      void queryClient.invalidateQueries({ queryKey: ['merge-candidates'] });
      void message.success(t('crowd.done', { count: gathered, number: made.number }));
      if (left > 0) void message.warning(t('crowd.left', { count: left }), 6);
      if (parent === null) void navigate({ to: '/tickets/$number', params: { number: made.number } });
    },
    onError: (error) => {
      // What changed meanwhile is shown as it is now.
      void queryClient.invalidateQueries({ queryKey: ['merge-candidates'] });
      void message.error(asProblem(error).title);
    },
  });
}
