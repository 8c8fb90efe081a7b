import { useQuery } from '@tanstack/react-query';
import { Input, Segmented, Select } from 'antd';
import { useEffect, useRef } from 'react';
import { priorities, waitingReasons } from '../../../../rules/ticket/lifecycle.ts';
import { words } from '../../../ui/words.ts';
import { teams } from '../../data/records.ts';
import { useTexts, type TextKey } from '../../i18n.ts';
import { CategorySelect } from '../../parts/category-select.tsx';
import { FieldItem, wrong } from '../../parts/field-item.tsx';
import { localName, waitForTexts } from '../../parts/names.ts';
import { StaffSelect } from '../../parts/staff-select.tsx';
import { useSession } from '../../session/session.tsx';
import type { ChoiceKind } from './bulk-choices.ts';
import { textOf, textOfStatus, type BulkInput } from './bulk-input.ts';
import { MacroChoice, StatusChoice } from './bulk-records.tsx';
import styles from './bulk.module.css';

const labels: Partial<Record<ChoiceKind, { text: TextKey; hint?: TextKey }>> = {
  reply: { text: 'bulk.replyText', hint: 'bulk.replyHint' }, note: { text: 'bulk.noteText', hint: 'bulk.noteHint' }, resolve: { text: 'act.resolution', hint: 'act.resolutionHint' }, assign: { text: 'assign.note' },
};
const longest = { reply: 20_000, note: 20_000, resolve: 20_000 } as Partial<Record<ChoiceKind, number>>;

type Props = { kind: ChoiceKind; value: BulkInput; onChange: (value: BulkInput) => void; tried: boolean };

/** Asks what an action on many tickets needs (批量操作表单). */
export function BulkForm({ kind, value, onChange, tried }: Props) {
  const { t, language } = useTexts();
  const { me } = useSession();
  const teamList = useQuery({ ...teams, enabled: kind === 'transfer' });
  const set = (part: Partial<BulkInput>): void => onChange({ ...value, ...part });
  const missing = (absent: boolean): string | undefined => (tried && absent ? t('bulk.missing') : undefined);
  const text = kind === 'set_status' ? (value.status === undefined ? undefined : textOfStatus[value.status.class]) : textOf[kind];
  const textWrong = missing(text === 'required' && value.text.trim() === '');
  const choices = useRef<HTMLDivElement>(null);
  useEffect(() => choices.current?.querySelector<HTMLElement>('input:checked')?.focus(), []);
  const label: TextKey = kind === 'set_status' && value.status?.class === 'resolved' ? 'act.resolution' : (labels[kind]?.text ?? (text === 'required' ? 'act.reason' : 'act.reasonOptional'));
  const first = text !== undefined && !['assign', 'transfer', 'wait', 'set_status'].includes(kind);
  return (
    <div className={styles.form}>
      {kind === 'assign' && (
        <FieldItem id="bulk-person" label={t('bulk.person')} error={missing(value.person === undefined)}>
          <StaffSelect id="bulk-person" autoFocus placeholder={t('bulk.person')} extra={[{ value: me.id, label: t('common.me') }]} value={value.person} onChange={(person) => set({ person })} />
        </FieldItem>
      )}
      {kind === 'transfer' && (
        <FieldItem id="bulk-team" label={t('bulk.team')} error={missing(value.team === undefined)}>
          <Select id="bulk-team" autoFocus showSearch={{ optionFilterProp: 'label' }} loading={teamList.isPending} value={value.team} options={(teamList.data ?? []).map((team) => ({ value: team.id, label: localName(team, language) }))} onChange={(team: string) => set({ team })} />
        </FieldItem>
      )}
      {(kind === 'tag' || kind === 'untag') && (
        <FieldItem id="bulk-tags" label={t('bulk.tags')} error={missing(value.tags.length === 0)} extra={t('bulk.tagsHint')}>
          <Select id="bulk-tags" autoFocus mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', ' ']} maxCount={20} value={value.tags} onChange={(tags: string[]) => set({ tags: tags.map((tag) => tag.trim().slice(0, 40)).filter((tag) => tag !== '') })} />
        </FieldItem>
      )}
      {kind === 'set_priority' && (
        <FieldItem id="bulk-priority" label={t('filter.priority')} extra={t('bulk.priorityKeys')}>
          <div
            ref={choices}
            role="presentation"
            onKeyDown={(event) => {
              const priority = priorities[Number(event.key) - 1];
              if (priority !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) set({ priority });
            }}
          ><Segmented block id="bulk-priority" aria-label={t('filter.priority')} value={value.priority} options={priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }))} onChange={(priority) => set({ priority })} /></div>
        </FieldItem>
      )}
      {kind === 'set_category' && (
        <FieldItem id="bulk-category" label={t('filter.category')} error={missing(value.category === undefined)}>
          <CategorySelect id="bulk-category" autoFocus wholePath placeholder={t('filter.category')} value={value.category} onChange={(category) => set({ category })} />
        </FieldItem>
      )}
      {kind === 'wait' && (
        <FieldItem id="bulk-wait" label={t('act.waitFor')}>
          <Segmented block id="bulk-wait" aria-label={t('act.waitFor')} value={value.waitFor} options={waitingReasons.map((reason) => ({ value: reason, label: t(waitForTexts[reason]) }))} onChange={(waitFor) => set({ waitFor })} />
        </FieldItem>
      )}
      {kind === 'macro' && <MacroChoice value={value.macro} error={missing(value.macro === undefined)} onChange={(macro) => set({ macro })} />}
      {kind === 'set_status' && <StatusChoice value={value.status?.id} error={missing(value.status === undefined)} onChange={(status) => set({ status })} />}
      {text !== undefined && (
        <FieldItem id="bulk-text" label={t(label)} error={textWrong} extra={labels[kind]?.hint === undefined ? undefined : t(labels[kind].hint)}>
          <Input.TextArea id="bulk-text" autoFocus={first} autoSize={{ minRows: first ? 4 : 2, maxRows: 12 }} maxLength={longest[kind] ?? 1000} value={value.text} onChange={(event) => set({ text: event.target.value })} {...wrong('bulk-text', textWrong)} />
        </FieldItem>
      )}
    </div>
  );
}
