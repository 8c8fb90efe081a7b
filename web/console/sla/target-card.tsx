import { useQueries, useQuery } from '@tanstack/react-query';
import { Button, Collapse, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import type { TicketStatus } from '../../../contract/form.ts';
import type { SlaPause, SlaRecipient, SlaRung, SlaTarget } from '../../../rules/sla/policy.ts';
import { slaMetrics } from '../../../rules/sla/policy.ts';
import { soundsLike } from '../../../rules/text/pinyin.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import { words } from '../../ui/words.ts';
import { useColleagues } from '../data/colleagues.ts';
import { roles, staffMember, teams, ticketTypes, whole } from '../data/records.ts';
import { useDebounced } from '../parts/debounced.ts';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { tiers } from '../customers/data.ts';
import { calendars } from './data.ts';
import { DurationInput } from './duration-input.tsx';
import { minutesADay, timeWords } from './time-words.ts';
import { useSlaTexts, type SlaSay } from './texts.ts';
import styles from './sla.module.css';

const statuses = whole<TicketStatus>('ticket-statuses');

interface Props { target: SlaTarget; number: number; problems: readonly { path: string; message: string }[]; onChange: (target: SlaTarget) => void; onRemove: () => void }

/** What is left out has no key at all. */
const without = <Of extends object>(of: Of): Of => Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Of;
const list = <Item,>(items: readonly Item[]): readonly Item[] | undefined => (items.length === 0 ? undefined : items);

/** One promise (时限): what, by when, reckoned in which calendar, paused by what, who is warned and called in. */
export function TargetCard({ target, number, problems, onChange, onRemove }: Props) {
  const { t: say, language } = useSlaTexts();
  const known = useQuery(calendars);
  const teamList = useQuery(teams);
  const tierList = useQuery(tiers);
  const types = useQuery(ticketTypes);
  const ownStatuses = useQuery(statuses);
  const set = (patch: { [Key in keyof SlaTarget]?: SlaTarget[Key] | undefined }): void => onChange(without({ ...target, ...patch }) as SlaTarget);
  const [badWarnings, setBadWarnings] = useState<readonly string[]>([]);
  const startable = target.metric === 'acceptance' || target.metric === 'arrival' || target.metric === 'resolution';
  const day = minutesADay(known.data?.find((calendar) => calendar.id === target.calendar)?.definition);
  const title = say('target', { number, name: `${say(`metric.${target.metric}`)} ${timeWords(say, target.minutes, day)}` });
  return (
    <section className={styles.target} aria-label={title}>
      <div className={styles.targetHead}>
        <h3>{title}</h3>
        <Button type="text" size="small" icon={<Icon name="trash" size={14} />} aria-label={say('targets.remove', { number })} onClick={onRemove} />
      </div>
      <div className={styles.fields}>
        <Field label={say('metric')}><Select aria-label={say('metric')} value={target.metric} options={slaMetrics.map((metric) => ({ value: metric, label: say(`metric.${metric}`) }))} onChange={(metric: SlaTarget['metric']) => set({ metric, ...(metric === 'step' ? {} : { step: undefined }), startsWith: undefined })} /></Field>
        <Field label={say('time')}><DurationInput minutes={target.minutes} day={day} onChange={(minutes) => set({ minutes })} /></Field>
        <Field label={say('calendar')}><Select aria-label={say('calendar')} value={target.calendar === '' ? undefined : target.calendar} options={(known.data ?? []).filter((calendar) => calendar.publishedVersion !== null).map((calendar) => ({ value: calendar.id, label: localName(calendar, language) }))} onChange={(calendar: string) => set({ calendar })} /></Field>
        <Field label={say('party')}>
          <Select
            aria-label={say('party')} value={target.party === 'customer' ? 'customer' : target.team ?? 'team'}
            options={[{ value: 'customer', label: say('party.customer') }, { value: 'team', label: `${say('party.team')} · ${say('party.everyTeam')}` }, ...(teamList.data ?? []).filter((team) => team.active).map((team) => ({ value: team.id, label: `${say('party.team')} · ${localName(team, language)}` }))]}
            onChange={(party: string) => set(party === 'customer' ? { party: 'customer', team: undefined } : { party: 'team', team: party === 'team' ? undefined : party })}
          />
        </Field>
        <Field label={say('scope.priorities')}><Select mode="multiple" aria-label={`${title} ${say('scope.priorities')}`} placeholder={say('scope.any')} value={[...target.priorities ?? []]} options={priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }))} onChange={(chosen) => set({ priorities: list(chosen) })} /></Field>
        <Field label={say('scope.types')}><Select mode="multiple" aria-label={`${title} ${say('scope.types')}`} placeholder={say('scope.any')} value={[...target.types ?? []]} options={(types.data ?? []).map((type) => ({ value: type.id, label: localName(type, language) }))} onChange={(chosen) => set({ types: list(chosen) })} /></Field>
        <Field label={say('scope.tiers')}><Select mode="multiple" aria-label={`${title} ${say('scope.tiers')}`} placeholder={say('scope.any')} value={[...target.tiers ?? []]} options={[...(tierList.data ?? []).map((tier) => ({ value: tier.key, label: localName(tier, language) })), { value: 'none', label: say('scope.none') }]} onChange={(chosen) => set({ tiers: list(chosen) })} /></Field>
        <Field label={say('pauses')} wide><Select mode="multiple" aria-label={`${title} ${say('pauses')}`} placeholder={say('pauses.none')} value={pauseKeys(target.pauses)} options={[...pauseChoices(say), ...(ownStatuses.data ?? []).filter((status) => !['resolved', 'closed', 'cancelled'].includes(status.class)).map((status) => ({ value: `id:${status.id}`, label: localName(status, language) }))]} onChange={(keys: string[]) => set({ pauses: pausesOf(keys) })} /></Field>
        <Field label={say('warnings')}>
          <Select
            mode="tags" aria-label={`${title} ${say('warnings')}`} open={false} suffixIcon={null} tokenSeparators={[',', '，', '、', ' ', '%']} value={target.warnings.map(String)}
            onChange={(typed: string[]) => {
              const isPercent = (one: string): boolean => /^\d{1,2}$/.test(one) && Number(one) >= 1;
              setBadWarnings(typed.filter((one) => !isPercent(one)));
              set({ warnings: [...new Set(typed.filter(isPercent).map(Number))].toSorted((a, b) => a - b) });
            }}
          />
          {badWarnings.length > 0 && <span className={styles.told} role="alert">{say('warnings.bad', { typed: badWarnings.join('、') })}</span>}
        </Field>
      </div>
      <Ladder target={target} onChange={(ladder) => set({ ladder })} />
      <Collapse
        ghost size="small"
        items={[{
          key: 'more', label: say('more'), children: (
            <div className={styles.fields}>
              {target.metric === 'step' && <Field label={say('step')}><Input aria-label={say('step')} maxLength={200} value={target.step ?? ''} onChange={(event) => set({ step: event.target.value.trim() === '' ? undefined : event.target.value })} /></Field>}
              {startable && <Field label={say('startsWith')}><Select aria-label={say('startsWith')} value={target.startsWith ?? 'created'} options={(['created', 'assigned', ...(target.metric === 'acceptance' ? [] : ['accepted' as const])] as const).map((one) => ({ value: one, label: say(`startsWith.${one}`) }))} onChange={(startsWith: 'created' | 'assigned' | 'accepted') => set({ startsWith: startsWith === 'created' ? undefined : startsWith })} /></Field>}
              {target.metric === 'resolution' && <Field label={say('whenReopened')}><Select aria-label={say('whenReopened')} value={target.whenReopened ?? 'go_on'} options={(['go_on', 'start_anew'] as const).map((one) => ({ value: one, label: say(`whenReopened.${one}`) }))} onChange={(whenReopened: 'go_on' | 'start_anew') => set({ whenReopened })} /></Field>}
              <Field label={say('whenChanged')}><Select aria-label={say('whenChanged')} value={target.whenChanged ?? 'keep_used'} options={(['keep_used', 'start_anew'] as const).map((one) => ({ value: one, label: say(`whenChanged.${one}`) }))} onChange={(whenChanged: 'keep_used' | 'start_anew') => set({ whenChanged })} /></Field>
            </div>
          ),
        }]}
      />
      {problems.length > 0 && <ul className={styles.told}>{[...new Set(problems.map((problem) => problem.message))].map((message) => <li key={message}>{message}</li>)}</ul>}
    </section>
  );
}

export function Field({ label, wide = false, children }: { label: string; wide?: boolean; children: React.ReactNode }) {
  return <div className={wide ? styles.wide : styles.field}><span className={styles.label}>{label}</span>{children}</div>;
}

const waits = { waitingCustomer: 'customer', waitingSupplier: 'supplier', waitingPart: 'part', waitingOther: 'other' } as const;
const pauseChoices = (say: SlaSay) => [{ value: 'waiting', label: say('pause.waiting') }, ...(Object.keys(waits) as (keyof typeof waits)[]).map((key) => ({ value: key as string, label: say(`pause.${key}`) }))];

function pauseKeys(pauses: readonly SlaPause[]): string[] {
  return pauses.flatMap((pause) => ('statusId' in pause ? [`id:${pause.statusId}`] : pause.status !== 'waiting' ? [`status:${pause.status}`]
    : pause.waitingFor ? pause.waitingFor.map((reason) => Object.entries(waits).find(([, value]) => value === reason)?.[0] ?? reason) : ['waiting']));
}

function pausesOf(keys: readonly string[]): SlaPause[] {
  const reasons = keys.flatMap((key) => (key in waits ? [waits[key as keyof typeof waits]] : []));
  return [
    ...keys.filter((key) => key.startsWith('id:')).map((key): SlaPause => ({ statusId: key.slice(3) })),
    ...keys.filter((key) => key.startsWith('status:')).map((key): SlaPause => ({ status: key.slice(7) as 'new' })),
    ...(keys.includes('waiting') ? [{ status: 'waiting' as const }] : reasons.length > 0 ? [{ status: 'waiting' as const, waitingFor: reasons }] : []),
  ];
}

const people = ['assignee', 'team_lead', 'manager', 'department_head', 'watchers'] as const;
const channelKinds = ['in_app', 'email', 'sms', 'wecom', 'dingtalk', 'feishu', 'web_push'] as const;

/** Who is called in when (升级阶梯). */
function Ladder({ target, onChange }: { target: SlaTarget; onChange: (ladder: readonly SlaRung[]) => void }) {
  const { t: say, language } = useSlaTexts();
  const teamList = useQuery(teams);
  const roleList = useQuery(roles);
  const set = (index: number, rung: SlaRung): void => onChange(target.ladder.map((one, at) => (at === index ? rung : one)));
  const whomOptions = [
    ...people.map((kind) => ({ value: kind as string, label: say(`whom.${kind}`) })),
    ...(teamList.data ?? []).map((team) => ({ value: `team:${team.id}`, label: say('whom.team', { name: localName(team, language) }) })), ...(roleList.data ?? []).map((role) => ({ value: `role:${role.id}`, label: say('whom.role', { name: localName(role, language) }) })),
  ];
  return (
    <div className={styles.ladder} role="group" aria-label={say('ladder')}>
      <span className={styles.label}>{say('ladder')}</span>
      {target.ladder.map((rung, index) => {
        const byPercent = 'percent' in rung;
        const rest = { whom: rung.whom, ...(rung.channels ? { channels: rung.channels } : {}) };
        return (
          <div key={index} className={styles.rung}>
            <Select className={styles.rungWhen} aria-label={say('rung.when')} value={byPercent ? 'percent' : 'after'} options={[{ value: 'after', label: say('rung.after') }, { value: 'percent', label: say('rung.percent') }]} onChange={(kind) => set(index, kind === 'percent' ? { percent: 50, ...rest } : { afterMinutes: 0, ...rest })} />
            <InputNumber className={styles.rungAmount} aria-label={say('rung.amount', { number: index + 1 })} min={byPercent ? 1 : 0} max={byPercent ? 1_000 : 500_000} suffix={byPercent ? '%' : say('rung.minutes')} value={byPercent ? rung.percent : rung.afterMinutes} onChange={(value) => set(index, byPercent ? { percent: value ?? 1, ...rest } : { afterMinutes: value ?? 0, ...rest })} />
            <Whom value={rung.whom} standing={whomOptions} onChange={(whom) => set(index, { ...rung, whom })} />
            <Select
              mode="multiple" className={styles.grow} aria-label={say('channels')} placeholder={say('channels.own')} value={[...rung.channels ?? []]} options={channelKinds.map((kind) => ({ value: kind as string, label: say(`channel.${kind}`) }))}
              onChange={(channels: string[]) => {
                const { channels: _channels, ...plain } = rung;
                set(index, channels.length === 0 ? plain as SlaRung : { ...rung, channels });
              }}
            />
            <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('rung.remove', { number: index + 1 })} onClick={() => onChange(target.ladder.filter((_, at) => at !== index))} />
          </div>
        );
      })}
      <Button type="text" size="small" className={styles.add} icon={<Icon name="plus" size={14} />} onClick={() => onChange([...target.ladder, nextRung(target.ladder.at(-1))])}>{say('rung.add')}</Button>
    </div>
  );
}

/** Whom a rung tells (通知谁): by their part, a team, a role, or a colleague who is searched for as one types. */
function Whom({ value, standing, onChange }: { value: readonly SlaRecipient[]; standing: { value: string; label: string }[]; onChange: (whom: SlaRecipient[]) => void }) {
  const { t: say } = useSlaTexts();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const q = useDebounced(typed.trim());
  const { people } = useColleagues(q, { enabled: opened });
  const ids = value.flatMap((one) => (one.kind === 'staff' ? [one.id] : []));
  const chosen = useQueries({ queries: ids.map((id) => staffMember(id)) });
  const named = new Map([...people, ...chosen.flatMap(({ data }) => (data ? [data] : []))].map((person) => [person.id, person.name]));
  const wanted = typed.trim().toLowerCase();
  const options = [
    ...standing.filter((option) => option.label.toLowerCase().includes(wanted) || soundsLike(option.label, wanted)),
    ...[...named].filter(([id, name]) => ids.includes(id) || wanted === '' || people.some((person) => person.id === id) || name.toLowerCase().includes(wanted)).map(([id, name]) => ({ value: `staff:${id}`, label: say('whom.colleague', { name }) })),
  ];
  return (
    <Select
      mode="multiple" className={styles.grow} aria-label={say('whom')} placeholder={say('whom')} showSearch={{ filterOption: false, onSearch: setTyped }} onOpenChange={(open) => open && setOpened(true)} popupMatchSelectWidth={false}
      value={value.map((one) => ('id' in one ? `${one.kind}:${one.id}` : one.kind))} options={options}
      onChange={(keys: string[]) => {
        setTyped('');
        onChange(keys.map(recipientOf));
      }}
    />
  );
}

/** The next step up: half an hour after the one before it, and one further up. */
function nextRung(last: SlaRung | undefined): SlaRung {
  return last !== undefined && 'afterMinutes' in last ? { afterMinutes: last.afterMinutes + 30, whom: [{ kind: 'manager' }] } : { afterMinutes: 0, whom: [{ kind: 'team_lead' }] };
}

function recipientOf(key: string): SlaRecipient {
  const [kind, id] = key.split(':') as [SlaRecipient['kind'], string | undefined];
  return (id === undefined ? { kind } : { kind, id }) as SlaRecipient;
}
