import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { TimelineEntry } from '../../../contract/ticket.ts';
import { newsChoices, newsEvents } from '../../../rules/news/events.ts';
import { priorities, ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { words } from '../../ui/words.ts';
import { formatDate, formatDuration, formatTime } from '../../ui/time.ts';
import { asset, categories, staffMember, teams, ticketTypes } from '../data/records.ts';
import { useTexts, type TextKey } from '../i18n.ts';
import { localName, obstacleTexts, waitingTexts } from '../parts/names.ts';
import { ticketStatusRecords } from '../parts/filter-vocabulary.ts';
import { factPerson, linkWords, otherTicket } from '../parts/fact-words.ts';
import { useSession } from '../session/session.tsx';
import { isFlowFact } from '../ticket-flow/fact-words.ts';
import { FlowFact } from '../ticket-flow/flow-fact.tsx';
import { otherChildren } from './fold-timeline.ts';
import styles from './fact-detail.module.css';

const HotlineFact = lazy(async () => ({ default: (await import('../hotline/hotline-fact.tsx')).HotlineFact }));
const OfferFact = lazy(async () => ({ default: (await import('../dispatch/offer-fact.tsx')).OfferFact }));
const PlanFact = lazy(async () => ({ default: (await import('../dispatch/plan-fact.tsx')).PlanFact }));
const SlaFact = lazy(async () => ({ default: (await import('../sla/sla-fact.tsx')).SlaFact }));

type Change = { label: string; before: string; after: string };

/** Properties whose change is worth a line; the others are said by the fact's own name. */
const changeTexts: Record<string, TextKey> = {
  subject: 'ticket.subject', description: 'ticket.description', priority: 'filter.priority', categoryId: 'filter.category', teamId: 'filter.team', address: 'ticket.place', tags: 'ticket.tags', typeId: 'newTicket.type', contactName: 'ticket.requester', contactPhone: 'record.phone', contactEmail: 'record.email', assetId: 'ticket.asset',
};
/** Longer texts are named as changed, not repeated. */
const longest = 80;
const mostNamed = 5;

/** What a fact says beyond its name: to whom, why, when, and what was before and after. */
export function FactDetail({ entry }: { entry: TimelineEntry }) {
  if (entry.kind.startsWith('sla.')) return <Suspense fallback={null}><SlaFact entry={entry} /></Suspense>;
  if (entry.kind.startsWith('offer.')) return <Suspense fallback={null}><OfferFact entry={entry} /></Suspense>;
  if (entry.kind.startsWith('hotline.')) return <Suspense fallback={null}><HotlineFact entry={entry} /></Suspense>;
  if (isFlowFact(entry.kind)) return <FlowFact entry={entry} />;
  const isPlanned = entry.data.override !== undefined || typeof entry.data.plannedStart === 'string';
  return <><OtherFact entry={entry} />{isPlanned && <Suspense fallback={null}><PlanFact entry={entry} /></Suspense>}</>;
}

function OtherFact({ entry }: { entry: TimelineEntry }) {
  const { t, language } = useTexts();
  const teamList = useQuery(teams);
  const categoryList = useQuery(categories);
  const typeList = useQuery(ticketTypes);
  const statusList = useQuery({ ...ticketStatusRecords, enabled: entry.kind === 'ticket.status_changed' });
  const { data } = entry;
  const text = (name: string): string | undefined => (typeof data[name] === 'string' && data[name] !== '' ? data[name] : undefined);

  function shown(property: string, value: unknown): string {
    if (value === null || value === undefined || value === '') return t('common.none');
    if (property === 'priority') return words(`priority.${priorities.find((name) => name === value) ?? 'normal'}`);
    if (property === 'teamId') {
      const team = teamList.data?.find((one) => one.id === value);
      return team === undefined ? '…' : localName(team, language);
    }
    if (property === 'categoryId') return categoryList.data?.find((category) => category.id === value)?.path.join(' / ') ?? '…';
    if (property === 'typeId') {
      const type = typeList.data?.find((one) => one.id === value);
      return type === undefined ? '…' : localName(type, language);
    }
    if (Array.isArray(value)) return value.length === 0 ? t('common.none') : value.join(t('common.listSeparator'));
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  // One of the organization's own names only itself; the class it belongs to the other side has too, where it stays the same.
  function statusName(side: Record<string, unknown>, other: Record<string, unknown>): string {
    const own = (id: unknown) => statusList.data?.find((one) => one.id === id);
    const named = own(side.statusId);
    if (named !== undefined) return localName(named, language);
    if (typeof side.statusId === 'string') return '…';
    const status = ticketStatuses.find((one) => one === (side.status ?? other.status ?? own(other.statusId)?.class));
    return status === undefined ? '…' : words(`status.${status}`);
  }

  const before = (data.before ?? {}) as Record<string, unknown>;
  const after = (data.after ?? {}) as Record<string, unknown>;
  const changes: Change[] = Object.keys(after).flatMap((property) => {
    const key = changeTexts[property];
    return key === undefined ? [] : [{ label: t(key), before: shown(property, before[property]), after: shown(property, after[property]) }];
  });
  if (entry.kind === 'ticket.status_changed' && ('status' in after || 'statusId' in after)) changes.unshift({ label: t('filter.status'), before: statusName(before, after), after: statusName(after, before) });
  if (typeof after.lat === 'number' && typeof after.lng === 'number') changes.push({ label: t('fact.coordinates'), before: typeof before.lat === 'number' && typeof before.lng === 'number' ? `${before.lat}, ${before.lng}` : t('common.none'), after: `${after.lat}, ${after.lng}` });
  const event = newsEvents.find((one) => one === data.event);
  const choice = newsChoices.find((one) => one === data.choice);
  const facts: string[] = [];
  if (entry.kind === 'news.left_out' && event !== undefined) facts.push(t(`fact.news.${event}`), t('fact.news.chosen'));
  if (entry.kind === 'news.chosen' && choice !== undefined) facts.push(t(`fact.news.${choice}`));
  const connector = text('connector');
  if (entry.kind === 'ticket.changed' && connector !== undefined) facts.push(t('ticket.filledFrom', { name: connector }));
  if (entry.kind === 'ticket.changed' && Array.isArray(data.guessed)) facts.push(t('ticket.filledFromWords'));
  const waitingFor = text('for');
  const assignee = text('assigneeName');
  if (assignee !== undefined) facts.push(t('fact.to', { name: assignee }));
  else if (entry.kind === 'ticket.assigned') facts.push(t('fact.toNobody'));
  if (waitingFor !== undefined && waitingFor in waitingTexts) facts.push(t(waitingTexts[waitingFor as keyof typeof waitingTexts]));
  const obstacle = text('obstacle');
  if (entry.kind === 'visit.obstacle_reported' && obstacle !== undefined && obstacle in obstacleTexts) facts.push(t(obstacleTexts[obstacle as keyof typeof obstacleTexts]));
  const start = text('windowStart');
  const end = text('windowEnd');
  if (start !== undefined) facts.push(t('fact.window', { window: `${formatDate(start, Date.now(), language)} ${formatTime(start, language)}${end === undefined ? '' : `–${formatTime(end, language)}`}` }));
  if (typeof data.distance === 'number') facts.push(t(data.far === true ? 'fact.far' : 'fact.distance', { metres: data.distance }));
  if (data.unplaced === true) facts.push(t('fact.unplaced'));
  if (typeof data.clockBehindSeconds === 'number') facts.push(t(data.clockBehindSeconds > 0 ? 'fact.clockBehind' : 'fact.clockAhead', { by: formatDuration(Math.abs(data.clockBehindSeconds) * 1_000, language) }));
  if (data.onSite === true) facts.push(t('fact.ratedOnSite'));
  if (Array.isArray(data.parts)) facts.push(t('fact.parts', { list: data.parts.filter((one) => typeof one === 'string').join(t('common.listSeparator')) }));
  if (Array.isArray(data.needs)) facts.push(t('fact.needs', { list: data.needs.filter((one) => typeof one === 'string').join(t('common.listSeparator')) }));
  const along = entry.kind === 'visit.members_changed' && Array.isArray(data.members) ? (data.members as { name?: unknown }[]).flatMap(({ name }) => (typeof name === 'string' ? [name] : [])) : null;
  if (along !== null) facts.push(along.length === 0 ? t('common.none') : along.join(t('common.listSeparator')));
  const override = typeof data.override === 'object' && data.override !== null ? (data.override as { reason?: unknown }).reason : undefined;
  if (typeof override === 'string' && override !== '') facts.push(t('fact.override', { reason: override }));
  const other = otherTicket(data);
  const person = factPerson(entry, { watcher: (name) => t('fact.watcher', { name }), helper: (name) => t('fact.helper', { name }) });
  if (person !== undefined) facts.push(person);
  const link = linkWords(data, language);
  if (entry.kind.startsWith('side_conversation.') || entry.kind.startsWith('checklist.')) {
    const items = Array.isArray(data.items) ? (data.items as { text?: unknown }[]).flatMap(({ text: one }) => (typeof one === 'string' ? [one] : [])) : [];
    for (const one of [text('subject'), text('text'), ...items.slice(0, 5)]) if (one !== undefined) facts.push(one);
  }
  const said = [entry.kind.startsWith('side_conversation.') ? text('preview') : undefined, entry.kind === 'news.left_out' ? undefined : text('reason'), text('note'), text('resolution'), text('comment')].filter((one) => one !== undefined);
  const previous = entry.kind === 'ticket.assigned' && typeof before.assigneeId === 'string' ? before.assigneeId : undefined;

  if (facts.length === 0 && said.length === 0 && changes.length === 0 && previous === undefined && other === undefined) return null;
  return (
    <div className={styles.detail}>
      {(facts.length > 0 || previous !== undefined) && (
        <p>
          {facts.join(' · ')}
          {previous !== undefined && <PreviousAssignee id={previous} />}
        </p>
      )}
      {other !== undefined && <p>{link !== undefined && `${link}${t('common.colon')}`}<Link to="/tickets/$number" params={{ number: other }}>{other}</Link>
        {otherChildren(entry).slice(0, mostNamed - 1).map((number) => <span key={number}>{t('common.listSeparator')}<Link to="/tickets/$number" params={{ number }}>{number}</Link></span>)}
        {otherChildren(entry).length >= mostNamed && ` ${t('timeline.childrenInAll', { count: otherChildren(entry).length + 1 })}`}</p>}
      {changes.map((change) => (
        <p key={change.label}>
          {change.label}{t('common.colon')}
          {change.before.length > longest || change.after.length > longest ? (
            t('fact.longChange')
          ) : (
            <>
              {change.label === t('ticket.asset') ? <><del><AssetName id={change.before} /></del> → <ins><AssetName id={change.after} /></ins></> : <><del>{change.before}</del> → <ins>{change.after}</ins></>}
            </>
          )}
        </p>
      ))}
      {said.map((one) => (
        <p key={one} className={`prose ${styles.said}`}>{one}</p>
      ))}
    </div>
  );
}

/** The name of an asset by its id; what is no id stands as it is. */
function AssetName({ id }: { id: string }) {
  const { may } = useSession();
  const isId = id.length === 36;
  const found = useQuery({ ...asset(id), enabled: isId && may('asset.read') });
  return isId ? (found.data?.name ?? '…') : id;
}

function PreviousAssignee({ id }: { id: string }) {
  const { t } = useTexts();
  const person = useQuery(staffMember(id));
  return person.data === undefined ? null : <span className={styles.previous}>{t('fact.before', { name: person.data.name })}</span>;
}
