import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Popconfirm, Switch } from 'antd';
import { useMemo } from 'react';
import type { Policy } from '../../../contract/sla.ts';
import type { SlaScope } from '../../../rules/sla/policy.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { words } from '../../ui/words.ts';
import { tiers } from '../customers/data.ts';
import { ticketTypes } from '../data/records.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { usePatch } from '../settings/archivable.tsx';
import { Rows, Section } from '../settings/section.tsx';
import { calendars, policies } from './data.ts';
import { minutesADay, timeWords } from './time-words.ts';
import { useSlaTexts, type SlaSay } from './texts.ts';
import styles from './sla.module.css';

/** The SLA policies (SLA 策略) in the order in which they are tried. */
export function PoliciesSection() {
  const { t: say } = useSlaTexts();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const list = useQuery(policies);
  const known = useQuery(calendars);
  const standard = known.data?.find((calendar) => calendar.default) ?? known.data?.[0];
  const create = useMutation({
    mutationFn: async () => postOnce<Policy>('/sla-policies', {
      name: say('policies.new'), definition: { targets: [{ key: 'resolution', metric: 'resolution', party: 'customer', minutes: 480, calendar: standard?.id ?? '', pauses: [{ status: 'waiting', waitingFor: ['customer'] }], warnings: [75], ladder: [] }] },
    }),
    onSuccess: (policy) => {
      void queryClient.invalidateQueries({ queryKey: policies.queryKey });
      void navigate({ to: '/settings/sla/$policyId', params: { policyId: policy.id } });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <Section title={say('policies')} hint={say('policies.hint')} action={<span className={styles.inline}><Link to="/settings/sla/simulation"><Button icon={<Icon name="play" />} tabIndex={-1}>{say('sim.open')}</Button></Link><Button type="primary" icon={<Icon name="plus" />} loading={create.isPending} disabled={known.data === undefined} onClick={() => create.mutate()}>{say('policies.new')}</Button></span>}>
      <Rows query={list} empty={say('policies.none')}>{(items) => <PolicyList items={items} />}</Rows>
    </Section>
  );
}

function PolicyList({ items }: { items: readonly Policy[] }) {
  const { t: say, language } = useSlaTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const patch = usePatch('sla-policies');
  const tierList = useQuery(tiers).data;
  const typeList = useQuery(ticketTypes).data;
  const calendarList = useQuery(calendars).data;
  const names = useMemo((): Names => ({ days: new Map(calendarList?.map((calendar) => [calendar.id, minutesADay(calendar.definition)])), tiers: new Map(tierList?.map((tier) => [tier.key, localName(tier, language)])), types: new Map(typeList?.map((type) => [type.id, localName(type, language)])) }), [tierList, typeList, calendarList, language]);
  const order = useMutation({
    mutationFn: async (ids: string[]) => (await api.post<{ items: Policy[] }>('/sla-policies/order', { ids })).data.items,
    onSuccess: (next) => void queryClient.setQueryData(policies.queryKey, next),
    onError: (error) => void message.error(asProblem(error).errors[0]?.message ?? asProblem(error).title),
  });
  const move = (index: number, by: number): void => {
    const ids = items.map((policy) => policy.id);
    const [id] = ids.splice(index, 1);
    ids.splice(index + by, 0, id!);
    order.mutate(ids);
  };
  return (
    <ol className={styles.list}>
      {items.map((policy, index) => (
        <li key={policy.id} className={styles.item}>
          <span className={styles.order}>
            <Button type="text" size="small" icon={<Icon name="chevronUp" size={14} />} aria-label={say('up', { name: policy.name })} disabled={index === 0 || order.isPending} onClick={() => move(index, -1)} />
            <Button type="text" size="small" icon={<Icon name="chevronDown" size={14} />} aria-label={say('down', { name: policy.name })} disabled={index === items.length - 1 || order.isPending} onClick={() => move(index, 1)} />
          </span>
          <Link to="/settings/sla/$policyId" params={{ policyId: policy.id }} className={styles.itemMain}>
            <span className={styles.itemName}>
              {localName(policy, language)}
              {policy.publishedVersion === null ? <Badge>{say('draft')}</Badge> : policy.draft !== null && <Badge tone="accent">{say('draftBadge')}</Badge>}
              {policy.neverReached !== null && <Badge tone="warning">{say('neverReached', { by: policy.neverReached })}</Badge>}
            </span>
            <span className={styles.muted}>{scopeWords(say, policy, names)} · {targetWords(say, policy, names)}</span>
          </Link>
          <span className={styles.end}>
            <Switch size="small" aria-label={say('enabled', { name: policy.name })} checked={policy.enabled} disabled={policy.publishedVersion === null || patch.isPending} onChange={(enabled) => patch.mutate({ record: policy, patch: { enabled } })} />
            <Popconfirm title={say('archiveAsk')} okText={say('archive')} onConfirm={() => patch.mutate({ record: policy, patch: { archived: true } })}>
              <Button type="text" size="small" icon={<Icon name="trash" size={14} />} aria-label={`${say('archive')} ${policy.name}`} />
            </Popconfirm>
          </span>
        </li>
      ))}
    </ol>
  );
}

interface Names { days: ReadonlyMap<string, number>; types: ReadonlyMap<string, string>; tiers: ReadonlyMap<string, string> }

/** Which tickets are meant, in words; what has gone meanwhile keeps its key. */
function whichWords(say: SlaSay, { priorities = [], types = [], tiers: levels = [] }: SlaScope, names: Names): string[] {
  return [...priorities.map((priority) => words(`priority.${priority}`)), ...levels.map((tier) => (tier === 'none' ? say('scope.none') : names.tiers.get(tier) ?? tier)), ...types.map((type) => names.types.get(type) ?? type)];
}

function scopeWords(say: SlaSay, policy: Policy, names: Names): string {
  const shown = policy.draft ?? policy.definition;
  const parts = [...whichWords(say, shown ?? {}, names), ...(shown?.condition ? [say('scope.more')] : [])];
  return parts.length === 0 ? say('policies.everything') : parts.join(say('comma'));
}

function targetWords(say: SlaSay, policy: Policy, names: Names): string {
  const { targets = [] } = (policy.draft ?? policy.definition) ?? {};
  const some = targets.slice(0, 5).map((target) => {
    const whose = [...(target.party === 'team' ? [say('clocks.internal')] : []), ...whichWords(say, target, names)];
    const promise = `${say(`metric.${target.metric}`)} ${timeWords(say, target.minutes, names.days.get(target.calendar))}`;
    return whose.length === 0 ? promise : say('target.for', { promise, whose: whose.join(say('comma')) });
  });
  return [...some, ...(targets.length > some.length ? [say('targets.others', { count: targets.length - some.length })] : [])].join(' · ');
}
