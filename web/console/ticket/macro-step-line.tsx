import { useQuery } from '@tanstack/react-query';
import type { MacroStep } from '../../../contract/desk.ts';
import type { TicketStatus } from '../../../contract/form.ts';
import { ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { words } from '../../ui/words.ts';
import { checklistTemplates } from '../data/desk.ts';
import { staffMember, teams, whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { actionTexts, localName, waitForTexts } from '../parts/names.ts';
import { usePropertyWords } from './property-words.ts';

const statuses = whole<TicketStatus>('ticket-statuses');

/** One step of a macro in words (宏步骤说明). */
export function StepLine({ step }: { step: MacroStep }) {
  const { t, language } = useTexts();
  const property = usePropertyWords();
  const person = step.assignee != null && step.assignee !== 'me' ? step.assignee : null;
  const teamList = useQuery({ ...teams, enabled: step.team !== undefined }).data;
  const assignee = useQuery({ ...staffMember(person ?? ''), enabled: person !== null }).data;
  const statusList = useQuery({ ...statuses, enabled: step.status !== undefined }).data;
  const templates = useQuery({ ...checklistTemplates, enabled: step.template !== undefined }).data;

  const separator = t('common.listSeparator');
  const plain = ticketStatuses.find((one) => one === step.status);
  const own = statusList?.find(({ id }) => id === step.status);
  const status = step.status === undefined ? '' : plain !== undefined ? words(`status.${plain}`) : own === undefined ? '…' : localName(own, language);
  const team = teamList?.find(({ id }) => id === step.team);

  switch (step.kind) {
    case 'reply': case 'note':
      return <>{t(`step.${step.kind}`, { text: short(step.body ?? '') })}</>;
    case 'tag': case 'untag':
      return <>{t(`step.${step.kind}`, { tags: (step.tags ?? []).join(separator) })}</>;
    case 'set': {
      const { kind: _kind, fields = {}, ...rest } = step;
      const values = [
        ...Object.entries(rest).map(([name, value]) => `${property.name(name)} → ${name === 'status' ? status : property.value(name, value)}`),
        ...Object.entries(fields).map(([key, value]) => `${key} → ${property.value('', value)}`),
      ];
      return <>{t('step.set', { values: values.join(separator) })}</>;
    }
    case 'checklist': {
      const template = templates?.find(({ id }) => id === step.template);
      return <>{step.template === undefined ? t('step.items', { count: step.items?.length ?? 0, items: short((step.items ?? []).join(separator)) }) : t('step.template', { name: template === undefined ? '…' : localName(template, language) })}</>;
    }
    case 'act': {
      const to = step.assignee === 'me' ? t('step.applier') : (assignee?.name ?? (team === undefined ? '' : localName(team, language)));
      switch (step.action) {
        case 'assign': return <>{step.assignee === null ? t('step.unassign') : t('step.assign', { name: to === '' ? '…' : to })}</>;
        case 'transfer': return <>{t('step.transfer', { name: team === undefined ? '…' : localName(team, language) })}</>;
        case 'set_status': return <>{t('status.set', { name: status })}</>;
        case 'wait': return <>{step.for === undefined ? t('action.wait') : t(waitForTexts[step.for])}</>;
        default: {
          const said = step.resolution ?? step.reason ?? step.note;
          const name = step.action === undefined ? '' : t(actionTexts[step.action]);
          return <>{said === undefined ? name : t('step.saying', { action: name, text: short(said) })}</>;
        }
      }
    }
  }
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
