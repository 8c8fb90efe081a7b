import { memo, type MouseEvent } from 'react';
import type { TicketLine } from '../../../contract/view.ts';
import { Ago, PriorityMark, StatusTag } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Marked, nearMark } from './marked.tsx';
import styles from './search-page.module.css';

/** Pixels; every hit has the same height. */
export const hitHeight = 84;

const inTexts = {
  number: 'search.in.number', formerNumber: 'search.in.formerNumber', subject: 'search.in.subject', requester: 'search.in.requester', phone: 'search.in.phone', customer: 'search.in.customer', location: 'search.in.location', resolution: 'search.in.resolution', description: 'search.in.description', comment: 'search.in.comment', sideConversation: 'search.in.sideConversation',
} as const;

/** One ticket that was found (搜索结果): where the words stand in it. */
export const SearchHit = memo(function SearchHit({ line, current, onOpen }: { line: TicketLine; current: boolean; onOpen: (line: TicketLine) => void }) {
  const { t } = useTexts();
  const highlights = line.highlights ?? [];
  const subject = highlights.find((one) => one.property === 'subject');
  const number = highlights.find((one) => one.property === 'number');
  const others = highlights.filter((one) => one.property !== 'subject' && one.property !== 'number');
  const plain = [line.requester.name, line.location?.address].filter((part) => part != null && part !== '').join(' · ');

  function open(event: MouseEvent): void {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(line);
  }
  return (
    <a href={`/tickets/${line.number}`} className={styles.hit} data-number={line.number} data-current={current || undefined} onClick={open}>
      <span className={styles.first}>
        <PriorityMark priority={line.priority} />
        <span className={styles.subject}>{subject === undefined ? line.subject : <Marked {...subject} />}</span>
        <StatusTag status={line.status} label={line.ownStatus?.name} />
      </span>
      <span className={styles.where}>
        {others.length === 0 ? <span className={styles.snippet}>{plain}</span> : others.slice(0, 2).map((one) => (
          <span key={`${one.property} ${one.commentId ?? ''}`} className={styles.snippet}>
            <span className={styles.property}>{t(inTexts[one.property])}</span>
            <Marked {...nearMark(one)} />
          </span>
        ))}
      </span>
      <span className={styles.meta}>
        <span>{number === undefined ? line.number : <Marked {...number} />}</span>
        {line.category !== null && <span>{line.category.path.join(' / ')}</span>}
        <span className={styles.owner}>{line.assignee?.name ?? line.team?.name ?? t('common.nobody')}</span>
        <Ago value={line.createdAt} />
      </span>
    </a>
  );
});
