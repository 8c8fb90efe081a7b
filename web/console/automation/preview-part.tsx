import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { Definition } from '../../../rules/automation/definition.ts';
import { ProblemAlert, StatusTag } from '../../ui/react/index.ts';
import { useDebounced } from '../parts/debounced.ts';
import { rulePreview } from './data.ts';
import { useAutomationTexts } from './texts.ts';
import styles from './automation.module.css';

/** The tickets a rule would act on now (现在符合的工单), as it is being made. */
export function PreviewPart({ definition, ready }: { definition: Definition; ready: boolean }) {
  const { t: say } = useAutomationTexts();
  // What it does has no say in which tickets it finds.
  const asked = useDebounced(JSON.stringify({ ...definition, actions: [] }), 500);
  const list = useInfiniteQuery({ ...rulePreview(JSON.parse(asked) as Definition), enabled: ready, placeholderData: keepPreviousData });
  const first = list.data?.pages[0];
  const tickets = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={styles.panel} aria-label={say('preview')} aria-busy={list.isFetching}>
      <header className={styles.panelHead}>
        <h2>{say('preview')}</h2>
        {ready && first !== undefined && <strong aria-live="polite">{say(first.capped ? 'preview.capped' : 'preview.count', { count: first.count })}</strong>}
      </header>
      {!ready && <p className={styles.muted}>{say('preview.waits')}</p>}
      {ready && list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {ready && first !== undefined && (
        <>
          {first.leftOut.length > 0 && <p className={styles.muted}>{say('preview.left')}</p>}
          {tickets.length === 0 && <p className={styles.muted}>{say('preview.none')}</p>}
          <ul className={styles.tickets}>
            {tickets.map((ticket) => (
              <li key={ticket.id}>
                <Link to="/tickets/$number" params={{ number: ticket.number }}>{ticket.subject}</Link>
                <span className={styles.ticketEnd}><span className={styles.muted}>{ticket.number}</span><StatusTag status={ticket.status} /></span>
              </li>
            ))}
          </ul>
          {list.hasNextPage && <Button block type="text" size="small" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{say('preview.more')}</Button>}
        </>
      )}
    </section>
  );
}
