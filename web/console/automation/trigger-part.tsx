import { Checkbox, InputNumber, Segmented, Select, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { automationFacts, weekdays, type AutomationFact, type Definition, type Recurrence, type Trigger } from '../../../rules/automation/definition.ts';
import { useAutomationTexts } from './texts.ts';
import { StretchInput } from './small.tsx';
import { factName } from './words.ts';
import styles from './automation.module.css';

const groups = {
  'group.ticket': ['ticket.created', 'ticket.changed', 'ticket.status_changed', 'ticket.rated', 'merge.received', 'ticket.split', 'link.added'],
  'group.life': ['ticket.assigned', 'ticket.transferred', 'ticket.accepted', 'ticket.declined', 'ticket.returned', 'ticket.waiting_started', 'ticket.waiting_ended', 'ticket.resolved', 'ticket.confirmed', 'ticket.reopened', 'ticket.closed', 'ticket.cancelled', 'checklist.item_done'],
  'group.talk': ['comment.added', 'side_conversation.replied'],
  'group.visit': automationFacts.filter((kind) => kind.startsWith('visit.')),
} as const satisfies Record<string, readonly AutomationFact[]>;

const begun: Record<Trigger['kind'], Trigger> = {
  facts: { kind: 'facts', facts: [] }, schedule: { kind: 'schedule', every: { kind: 'daily', at: '09:00' } }, untouched: { kind: 'untouched', for: { n: 2, unit: 'day' } },
};

/** When a rule looks at a ticket (触发条件), in plain words. */
export function TriggerPart({ definition, onChange }: { definition: Definition; onChange: (patch: Partial<Definition>) => void }) {
  const { t: say, language } = useAutomationTexts();
  const { trigger } = definition;
  const set = (next: Trigger): void => onChange({ trigger: next });
  return (
    <div className={styles.stack}>
      <Segmented<Trigger['kind']>
        aria-label={say('trigger.kind')} value={trigger.kind}
        options={(['facts', 'schedule', 'untouched'] as const).map((kind) => ({ value: kind, label: say(`trigger.${kind}`) }))}
        onChange={(kind) => onChange({ trigger: begun[kind], ...(kind === 'schedule' && definition.once === undefined ? { once: { per: 'ticket' as const, within: { n: 1, unit: 'day' as const } } } : {}) })}
      />
      {trigger.kind === 'facts' && (
        <>
          <Select
            mode="multiple" aria-label={say('trigger.factsLabel')} placeholder={say('trigger.factsPlaceholder')} showSearch={{ optionFilterProp: 'label' }} value={[...trigger.facts]}
            options={Object.entries(groups).map(([group, kinds]) => ({ label: say(group as keyof typeof groups), options: kinds.map((kind) => ({ value: kind as AutomationFact, label: factName(kind, language) })) }))}
            onChange={(facts: AutomationFact[]) => set({ ...trigger, facts })}
          />
          <div className={styles.inline}>
            <Checkbox
              checked={trigger.after !== undefined}
              onChange={(event) => {
                const { after: _after, ...at } = trigger;
                set(event.target.checked ? { ...at, after: { n: 1, unit: 'hour' } } : at);
              }}
            >
              {say('trigger.delay')}
            </Checkbox>
            {trigger.after !== undefined && <StretchInput label={say('trigger.delay')} value={trigger.after} onChange={(after) => set({ ...trigger, after })} />}
          </div>
        </>
      )}
      {trigger.kind === 'schedule' && <Every every={trigger.every} onChange={(every) => set({ kind: 'schedule', every })} />}
      {trigger.kind === 'untouched' && (
        <div className={styles.inline}>
          <span>{say('trigger.untouchedFor')}</span>
          <StretchInput label={say('trigger.untouchedFor')} value={trigger.for} onChange={(stretch) => set({ kind: 'untouched', for: stretch })} />
        </div>
      )}
    </div>
  );
}

function Every({ every, onChange }: { every: Recurrence; onChange: (every: Recurrence) => void }) {
  const { t: say } = useAutomationTexts();
  const at = every.kind === 'interval' ? '09:00' : every.at;
  return (
    <div className={styles.inline}>
      <Select<Recurrence['kind']>
        aria-label={say('trigger.schedule')} className={styles.short} value={every.kind}
        options={(['interval', 'daily', 'weekly'] as const).map((kind) => ({ value: kind, label: say(`every.${kind}`) }))}
        onChange={(kind) => onChange(kind === 'interval' ? { kind, n: 1, unit: 'hour' } : kind === 'daily' ? { kind, at } : { kind, days: [1], at })}
      />
      {every.kind === 'interval' && (
        <>
          <InputNumber aria-label={say('amount')} className={styles.amount} min={1} max={every.unit === 'hour' ? 24 : 1_440} precision={0} value={every.n} onChange={(n) => onChange({ ...every, n: n ?? 1 })} />
          <Select aria-label={say('unit')} className={styles.unit} value={every.unit} options={(['minute', 'hour'] as const).map((unit) => ({ value: unit, label: say(`unit.${unit}`) }))} onChange={(unit: 'minute' | 'hour') => onChange({ ...every, unit })} />
        </>
      )}
      {every.kind === 'weekly' && <Select mode="multiple" aria-label={say('every.days')} className={styles.days} value={[...every.days]} options={weekdays.map((day) => ({ value: day as number, label: say(`day.${day}`) }))} onChange={(days: number[]) => onChange({ ...every, days })} />}
      {every.kind !== 'interval' && <TimePicker aria-label={say('every.at')} format="HH:mm" allowClear={false} value={dayjs(`2026-01-01T${every.at}`)} onChange={(time) => onChange({ ...every, at: time?.format('HH:mm') ?? every.at })} />}
    </div>
  );
}
