import { useQuery } from '@tanstack/react-query';
import { Input, Select } from 'antd';
import type { MacroStep } from '../../../contract/desk.ts';
import { priorities, ticketActions, ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { toAnswer, wordsIn } from '../../ui/form/answers.ts';
import { words } from '../../ui/words.ts';
import { checklistTemplates } from '../data/desk.ts';
import { teams } from '../data/records.ts';
import { FieldControl } from '../form/field-control.tsx';
import { useTexts } from '../i18n.ts';
import { CategorySelect } from '../parts/category-select.tsx';
import { ticketStatusRecords, useTicketFields } from '../parts/filter-vocabulary.ts';
import { actionTexts, localName, waitForTexts } from '../parts/names.ts';
import { StaffSelect } from '../parts/staff-select.tsx';
import { StepLine } from '../ticket/macro-step-line.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import { kindOf } from './step-kinds.ts';
import { VariableText } from './variable-text.tsx';
import styles from './section.module.css';
import own from './macro-steps.module.css';

type Props = { step: MacroStep; onChange: (step: MacroStep) => void };

/** What is said in one step of a macro (宏步骤编辑). */
export function StepControl({ step, onChange }: Props) {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  const kind = kindOf(step);
  const label = say(`macros.step.${kind}`);
  switch (kind) {
    case 'reply': case 'note':
      return <VariableText label={label} value={step.body} onChange={(body) => onChange({ ...step, body })} />;
    case 'subject':
      return <VariableText label={label} rows={1} maxLength={200} value={step.subject} onChange={(subject) => onChange({ ...step, subject })} />;
    case 'priority':
      return <Select aria-label={label} value={step.priority} options={priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }))} onChange={(priority) => onChange({ ...step, priority })} />;
    case 'category':
      return <CategorySelect wholePath placeholder={t('common.none')} value={typeof step.category === 'string' ? step.category : undefined} onChange={(category) => onChange({ ...step, category: category ?? null })} />;
    case 'tag': case 'untag':
      return <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，']} maxCount={20} aria-label={label} value={step.tags ?? []} onChange={(tags: string[]) => onChange({ ...step, tags })} />;
    case 'checklist':
      return (
        <Input.TextArea
          aria-label={label} placeholder={say('macros.itemsHint')} autoSize={{ minRows: 2, maxRows: 10 }} value={(step.items ?? []).join('\n')}
          onChange={(event) => onChange({ ...step, items: event.target.value.split('\n') })}
          onBlur={() => onChange({ ...step, items: (step.items ?? []).map((item) => item.trim()).filter((item) => item !== '') })}
        />
      );
    case 'template': return <Template step={step} onChange={onChange} />;
    case 'assign': return <Assign step={step} onChange={onChange} />;
    case 'transfer': return <Transfer step={step} onChange={onChange} />;
    case 'status': return <Status step={step} onChange={onChange} />;
    case 'field': return <Field step={step} onChange={onChange} />;
    case 'act': return <Act step={step} onChange={onChange} />;
    // Made by a program: shown, kept as it is, and moved or removed like the others.
    case 'set': return <p className={styles.muted}><StepLine step={step} /></p>;
  }
}

// Assigning, transferring and choosing a status are steps of their own.
const actions = ticketActions.filter((action) => !['assign', 'transfer', 'decline'].includes(action));

function Act({ step, onChange }: Props) {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  const optional = say('macros.optional');
  return (
    <>
      <Select
        aria-label={say('macros.step.act')} value={step.action} options={actions.map((action) => ({ value: action, label: t(actionTexts[action]) }))}
        onChange={(action) => onChange({ kind: 'act', action, ...(action === 'wait' ? { for: 'customer' as const } : {}) })}
      />
      {step.action === 'wait' && <Select aria-label={say('status.waitingFor')} value={step.for} options={Object.entries(waitForTexts).map(([reason, text]) => ({ value: reason as NonNullable<typeof step.for>, label: t(text) }))} onChange={(reason) => onChange({ ...step, for: reason })} />}
      {step.action === 'resolve' && <VariableText label={say('macros.resolution')} placeholder={say('macros.resolution')} rows={2} value={step.resolution} onChange={(resolution) => onChange({ ...step, resolution: resolution || undefined })} />}
      {['wait', 'reopen', 'cancel', 'close'].includes(step.action ?? '') && (
        <VariableText label={say('macros.reason')} placeholder={`${say('macros.reason')}${step.action === 'wait' || step.action === 'close' ? optional : ''}`} rows={1} maxLength={1000} value={step.reason} onChange={(reason) => onChange({ ...step, reason: reason || undefined })} />
      )}
    </>
  );
}

function Assign({ step, onChange }: Props) {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  return (
    <>
      <StaffSelect
        placeholder={say('macros.who')} extra={[{ value: 'me', label: say('macros.applier') }, { value: 'nobody', label: t('common.nobody') }]}
        value={step.assignee === null ? 'nobody' : step.assignee} onChange={(person) => onChange({ ...step, assignee: person === 'nobody' ? null : person })}
      />
      <VariableText label={t('assign.note')} placeholder={`${t('assign.note')}${say('macros.optional')}`} rows={1} maxLength={1000} value={step.note} onChange={(note) => onChange({ ...step, note: note || undefined })} />
    </>
  );
}

function Transfer({ step, onChange }: Props) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const list = useQuery(teams);
  return (
    <>
      <Select aria-label={say('macros.step.transfer')} placeholder={say('macros.step.transfer')} showSearch={{ optionFilterProp: 'label' }} value={step.team} options={(list.data ?? []).map((team) => ({ value: team.id, label: localName(team, language) }))} onChange={(team) => onChange({ ...step, team })} />
      <VariableText label={say('macros.reason')} placeholder={`${say('macros.reason')}${say('macros.optional')}`} rows={1} maxLength={1000} value={step.reason} onChange={(reason) => onChange({ ...step, reason: reason || undefined })} />
    </>
  );
}

function Status({ step, onChange }: Props) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const own = useQuery(ticketStatusRecords).data ?? [];
  const chosen = ticketStatuses.find((one) => one === step.status) ?? own.find(({ id }) => id === step.status)?.class;
  const needsReason = chosen === 'open' || chosen === 'cancelled' || chosen === 'waiting';
  return (
    <>
      <Select
        aria-label={say('macros.step.status')} placeholder={say('macros.step.status')} showSearch={{ optionFilterProp: 'label' }} value={step.status} onChange={(status) => onChange({ kind: 'act', action: 'set_status', status })}
        options={ticketStatuses.map((one) => ({
          title: one, label: words(`status.${one}`),
          options: [...(one === 'new' || one === 'waiting' ? [] : [{ value: one as string, label: words(`status.${one}`) }]), ...own.filter((status) => status.class === one && status.active).map((status) => ({ value: status.id, label: localName(status, language) }))],
        })).filter(({ options }) => options.length > 0)}
      />
      {chosen === 'resolved' && <VariableText label={say('macros.resolution')} placeholder={say('macros.resolution')} rows={2} value={step.resolution} onChange={(resolution) => onChange({ ...step, resolution: resolution || undefined })} />}
      {needsReason && <VariableText label={say('macros.reason')} placeholder={`${say('macros.reason')}${chosen === 'cancelled' ? '' : say('macros.optional')}`} rows={1} maxLength={1000} value={step.reason} onChange={(reason) => onChange({ ...step, reason: reason || undefined })} />}
    </>
  );
}

function Template({ step, onChange }: Props) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const list = useQuery(checklistTemplates).data ?? [];
  return <Select aria-label={say('macros.step.template')} placeholder={say('macros.step.template')} value={step.template === '' ? undefined : step.template} options={list.map((one) => ({ value: one.id, label: localName(one, language) }))} onChange={(template) => onChange({ ...step, template })} />;
}

function Field({ step, onChange }: Props) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const fields = useTicketFields();
  const [key] = Object.keys(step.fields ?? {});
  const field = key === undefined ? undefined : fields.get(key);
  const settable = [...fields.values()].filter(({ kind }) => !['file', 'signature', 'formula', 'table'].includes(kind));
  return (
    <div className={own.pair}>
      <Select
        aria-label={say('macros.field')} placeholder={say('macros.field')} showSearch={{ optionFilterProp: 'label' }} value={key} options={settable.map((one) => ({ value: one.key, label: wordsIn(one.label, language) }))}
        onChange={(chosen: string) => onChange({ kind: 'set', fields: { [chosen]: null } })}
      />
      {field !== undefined && (
        <FieldControl
          key={field.key} field={field} id={`step-${field.key}`} path={field.key} label={wordsIn(field.label, language)} value={step.fields?.[field.key] ?? undefined} required={false} invalid={false} errors={{}}
          onChange={(held) => onChange({ kind: 'set', fields: { [field.key]: toAnswer(field, held) } })} onLeave={() => {}}
        />
      )}
    </div>
  );
}
