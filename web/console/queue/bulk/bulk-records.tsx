import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import type { Macro } from '../../../../contract/desk.ts';
import type { TicketStatus } from '../../../../contract/form.ts';
import { statusNames, ticketStatuses } from '../../../../rules/ticket/lifecycle.ts';
import { words } from '../../../ui/words.ts';
import { whole } from '../../data/records.ts';
import { useTexts } from '../../i18n.ts';
import { FieldItem } from '../../parts/field-item.tsx';
import { localName } from '../../parts/names.ts';
import { StepLine } from '../../ticket/macro-step-line.tsx';
import styles from './bulk.module.css';

const macros = whole<Macro>('macros');
const statuses = whole<TicketStatus>('ticket-statuses');

/** Which macro is applied to each ticket (选择宏), with what it does. */
export function MacroChoice({ value, error, onChange }: { value: string | undefined; error: string | undefined; onChange: (id: string) => void }) {
  const { t } = useTexts();
  const list = useQuery(macros);
  const chosen = list.data?.find(({ id }) => id === value);
  return (
    <>
      <FieldItem id="bulk-macro" label={t('bulk.chooseMacro')} error={error} extra={list.data?.length === 0 ? t('bulk.noMacros') : t('bulk.macroHint')}>
        <Select
          id="bulk-macro" autoFocus showSearch={{ optionFilterProp: 'label' }} loading={list.isPending} value={value} onChange={onChange}
          options={(list.data ?? []).map((macro) => ({ value: macro.id, label: macro.name, hint: macro.team?.name ?? '' }))}
        />
      </FieldItem>
      {chosen !== undefined && (
        <ol className={styles.steps}>
          {chosen.steps.map((step, index) => <li key={index}><StepLine step={step} /></li>)}
        </ol>
      )}
    </>
  );
}

/** Which status each ticket gets (选择状态): the organization's own by class, and the plain ones that need nothing else. */
export function StatusChoice({ value, error, onChange }: { value: string | undefined; error: string | undefined; onChange: (status: { id: string; class: (typeof ticketStatuses)[number] }) => void }) {
  const { t, language } = useTexts();
  const list = useQuery(statuses);
  const own = (list.data ?? []).filter(({ active }) => active);
  const offered = ticketStatuses.filter((one) => one !== 'new' || own.some((status) => status.class === 'new'));
  return (
    <FieldItem id="bulk-status" label={t('bulk.chooseStatus')} error={error}>
      <Select
        id="bulk-status" autoFocus showSearch={{ optionFilterProp: 'label' }} loading={list.isPending} value={value}
        options={offered.map((one) => ({
          label: words(`status.${one}`), title: one,
          options: [...(one === 'waiting' || one === 'new' ? [] : [{ value: one as string, label: statusNames[one][language === 'en' ? 'en' : 'zh'] }]), ...own.filter((status) => status.class === one).map((status) => ({ value: status.id, label: localName(status, language) }))],
        }))}
        onChange={(id: string) => onChange({ id, class: own.find((status) => status.id === id)?.class ?? ticketStatuses.find((one) => one === id) ?? 'open' })}
      />
    </FieldItem>
  );
}
