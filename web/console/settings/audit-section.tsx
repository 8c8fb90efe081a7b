import { infiniteQueryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, DatePicker, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { AuditEntry } from '../../../contract/organization.ts';
import { factKinds, type FactKind } from '../../../contract/facts.ts';
import { api } from '../../ui/api.ts';
import { Ago, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { staffMember } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { useDebounced } from '../parts/debounced.ts';
import { Delayed } from '../parts/delayed.tsx';
import { factPerson, factTitle, linkWords, otherTicket } from '../parts/fact-words.ts';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { StaffSelect } from '../parts/staff-select.tsx';
import { useSession } from '../session/session.tsx';
import { Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import { changesOf, shortValue } from './audit-changes.ts';
import styles from './section.module.css';
import own from './audit-section.module.css';

type Filters = { kind: string[]; actor?: string; actorKind?: 'staff' | 'api_key' | 'customer' | 'system' | 'rule'; ticket: string; q: string; range: [Dayjs | null, Dayjs | null] | null };
const nothing: Filters = { kind: [], ticket: '', q: '', range: null };
type AuditAnswer = { items: AuditEntry[]; lookedBackTo: string | null; nextCursor: string | null };

function queryOf({ kind, actor, actorKind, ticket, q, range }: Filters): Record<string, string | undefined> {
  return {
    kind: kind.length === 0 ? undefined : kind.join(','), actor, actorKind, ticket: ticket.trim() || undefined, q: q.trim() || undefined,
    from: range?.[0]?.startOf('day').toISOString(), to: range?.[1]?.add(1, 'day').startOf('day').toISOString(),
  };
}

const audit = (query: Record<string, string | undefined>) =>
  infiniteQueryOptions({
    queryKey: ['audit', query] as readonly unknown[],
    queryFn: async ({ pageParam, signal }) => (await api.get<AuditAnswer>('/audit', { query: { ...query, limit: 100, cursor: pageParam }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

/** What an entry is about, in one line: the number or name its data carries. */
function subjectOf(entry: AuditEntry): string {
  const value = entry.data.number ?? entry.data.name ?? entry.data.email ?? entry.data.fileName ?? entry.data.address ?? '';
  return typeof value === 'string' ? value : '';
}

/** What is done to somebody's account, as a rule by themselves; where it is by another, it says by whom and not for whom. */
const ofAccounts = /^(session|password|second_factor|api_key)\./;

/** For whom an entry is, where that is another than who did it. */
function ForWhom({ entry }: { entry: AuditEntry }) {
  const { t: say } = useSettingsTexts();
  const { may } = useSession();
  const told = typeof entry.data.staffName === 'string' ? entry.data.staffName : undefined;
  const id = !ofAccounts.test(entry.kind) ? null : typeof entry.data.staffId === 'string' ? entry.data.staffId : /^(password|second_factor)\./.test(entry.kind) ? entry.subjectId : null;
  const asked = told === undefined && id !== null && id !== entry.actor.id && may('organization.read');
  const person = useQuery({ ...staffMember(id ?? ''), enabled: asked }).data;
  const name = ofAccounts.test(entry.kind) ? (told ?? (asked ? person?.name : undefined)) : undefined;
  return name === undefined || name === entry.actor.name ? null : <span className={own.whom}>{say('audit.forWhom', { name })}</span>;
}

/** The audit trail (审计日志): who did what, filtered, with before and after; nothing in it can be changed. */
export function AuditSection() {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const [filters, setFilters] = useState<Filters>(nothing);
  const set = (part: Partial<Filters>): void => setFilters((before) => ({ ...before, ...part }));
  const typed = useDebounced(`${filters.q}\n${filters.ticket}`, 300);
  const [q = '', ticket = ''] = typed.split('\n');
  const query = queryOf({ ...filters, q, ticket });
  const list = useInfiniteQuery(audit(query));
  const [opened, setOpened] = useState<string | null>(null);
  const entries = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.values(query).some((value) => value !== undefined);
  const lookedBackTo = list.data?.pages.at(-1)?.lookedBackTo ?? null;
  const exportAddress = `/api/v1/audit/export?${new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))}`;
  const kinds = (Object.keys(factKinds) as FactKind[]).map((kind) => ({ value: kind as string, label: factKinds[kind][language === 'en' ? 'en' : 'zh'] }));

  return (
    <div className={own.wide}>
      <Section title={t('settings.audit')} hint={t('settings.auditHint')} action={<Button href={exportAddress} icon={<Icon name="download" size={14} />}>{say('audit.export')}</Button>}>
        <div className={own.filters} role="search">
          <Select mode="multiple" allowClear className={own.kind} maxTagCount={1} showSearch={{ optionFilterProp: 'label' }} aria-label={say('audit.kind')} placeholder={say('audit.kind')} value={filters.kind} options={kinds} onChange={(kind: string[]) => set({ kind: kind.slice(0, 10) })} />
          <StaffSelect className={own.who} placeholder={say('audit.who')} value={filters.actor} onChange={(actor) => set({ actor })} />
          <Select allowClear className={own.actor} aria-label={say('audit.actorKind')} placeholder={say('audit.actorKind')} value={filters.actorKind} options={[{ value: 'staff', label: say('actor.staff') }, { value: 'customer', label: say('actor.customer') }, { value: 'api_key', label: say('audit.apiKey') }, { value: 'system', label: say('audit.system') }, { value: 'rule', label: say('audit.rule') }]} onChange={(actorKind) => set({ actorKind })} />
          <DatePicker.RangePicker className={own.range} allowEmpty={[true, true]} aria-label={say('audit.from')} placeholder={[say('audit.from'), say('audit.to')]} maxDate={dayjs()} value={filters.range} onChange={(range) => set({ range: range === null ? null : [range[0], range[1]] })} />
          <Input allowClear className={own.ticket} aria-label={say('audit.ticket')} placeholder={say('audit.ticket')} value={filters.ticket} maxLength={64} onChange={(event) => set({ ticket: event.target.value })} />
          <Input allowClear className={own.search} prefix={<Icon name="search" size={14} />} aria-label={say('audit.search')} placeholder={say('audit.search')} value={filters.q} maxLength={100} onChange={(event) => set({ q: event.target.value })} />
          {filtered && <Button type="link" size="small" onClick={() => setFilters(nothing)}>{say('audit.clear')}</Button>}
        </div>
        {list.isPending && <Delayed><RowSkeleton rows={8} height={44} /></Delayed>}
        {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
        {list.data !== undefined && entries.length === 0 && !list.hasNextPage && <EmptyState title={filtered ? say('audit.none') : t('settings.empty')} />}
        {entries.length > 0 && (
          <div className={styles.card}>
            {entries.map((entry) => (
              <div key={entry.id} className={own.entry}>
                <div className={own.line}>
                  <button type="button" className={own.toggle} aria-expanded={opened === entry.id} aria-label={`${say('audit.details')} ${entry.title}`} onClick={() => setOpened(opened === entry.id ? null : entry.id)}>
                    <Icon name={opened === entry.id ? 'chevronDown' : 'chevronRight'} size={14} />
                  </button>
                  <span className={styles.main}>
                    <span className={styles.name}>{entry.actor.name ?? (entry.actor.kind === 'system' ? t('timeline.system') : t('timeline.customer'))}</span> {factTitle(entry, { note: t('fact.newNote') })}{' '}
                    <ForWhom entry={entry} />{' '}
                    {entry.ticketId === null ? (
                      <span className={styles.muted}>{subjectOf(entry)}</span>
                    ) : (
                      <Link to="/tickets/$number" params={{ number: subjectOf(entry) || entry.ticketId }}>{subjectOf(entry) || t('settings.theTicket')}</Link>
                    )}
                    <About entry={entry} />
                  </span>
                  <Ago className={styles.muted} value={entry.at} />
                </div>
                {opened === entry.id && <EntryDetails entry={entry} />}
              </div>
            ))}
          </div>
        )}
        {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{filtered && lookedBackTo !== null ? `${say('audit.more')} · ${say('audit.lookedBack', { time: dayjs(lookedBackTo).format('YYYY-MM-DD HH:mm') })}` : t('common.loadMore')}</Button>}
      </Section>
    </div>
  );
}

/** Whom an entry is about, and which other ticket, where its name does not say so. */
function About({ entry }: { entry: AuditEntry }) {
  const { t, language } = useTexts();
  const person = factPerson(entry, { watcher: (name) => t('fact.watcher', { name }), helper: (name) => t('fact.helper', { name }) });
  const other = entry.kind.startsWith('link.') || entry.kind.startsWith('merge.') || entry.kind.startsWith('ticket.') ? otherTicket(entry.data) : undefined;
  const link = linkWords(entry.data, language);
  if (person === undefined && other === undefined) return null;
  return <span className={styles.muted}> · {person}{other !== undefined && <>{link !== undefined && `${link}${t('common.colon')}`}<Link to="/tickets/$number" params={{ number: other }}>{other}</Link></>}</span>;
}

function EntryDetails({ entry }: { entry: AuditEntry }) {
  const { t: say } = useSettingsTexts();
  const { changes, others } = changesOf(entry.data);
  return (
    <div className={own.details}>
      <p className={styles.muted}>{entry.kind} · {dayjs(entry.at).format('YYYY-MM-DD HH:mm:ss')} · #{entry.id}</p>
      {changes.length > 0 && (
        <table>
          <thead><tr><th scope="col"><span className="visually-hidden">{say('audit.kind')}</span></th><th scope="col">{say('audit.before')}</th><th scope="col">{say('audit.after')}</th></tr></thead>
          <tbody>
            {changes.map(({ property, before, after }) => (
              <tr key={property}><th scope="row">{property}</th><td><del>{shortValue(before)}</del></td><td><ins>{shortValue(after)}</ins></td></tr>
            ))}
          </tbody>
        </table>
      )}
      {others.length > 0 && <dl>{others.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{shortValue(value)}</dd></div>)}</dl>}
    </div>
  );
}
