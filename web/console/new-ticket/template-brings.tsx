import type { TicketTemplate } from '../../../contract/form.ts';
import { useTexts } from '../i18n.ts';

/** What a template adds beside what stands in the form (模板附带内容). */
export function TemplateBrings({ template }: { template: TicketTemplate }) {
  const { t } = useTexts();
  const separator = t('common.listSeparator');
  const items = template.checklist.length + template.checklists.length;
  const parts = [
    template.team === null ? null : t('newTicket.bringsTeam', { name: template.team.name }),
    template.tags.length === 0 ? null : t('newTicket.bringsTags', { tags: template.tags.join(separator) }),
    items === 0 ? null : t('newTicket.bringsChecklist', { names: [...template.checklists.map(({ name }) => name), ...template.checklist].slice(0, 4).join(separator) }),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : <>{t('newTicket.brings', { parts: parts.join(' · ') })}</>;
}
