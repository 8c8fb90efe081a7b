import { useQuery } from '@tanstack/react-query';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import { words } from '../../ui/words.ts';
import { categories, ticketTypes } from '../data/records.ts';
import { useTexts, type TextKey } from '../i18n.ts';
import { ticketStatusRecords } from '../parts/filter-vocabulary.ts';
import { localName, waitingTexts } from '../parts/names.ts';

const names: Record<string, TextKey> = {
  subject: 'ticket.subject', description: 'ticket.description', priority: 'filter.priority', category: 'filter.category', team: 'filter.team', location: 'ticket.place', tags: 'ticket.tags', asset: 'ticket.asset', assetId: 'ticket.asset',
  status: 'property.status', ownStatus: 'property.ownStatus', waitingFor: 'property.waitingFor', assignee: 'property.assignee', department: 'property.department', resolution: 'property.resolution', parent: 'property.parent', rating: 'property.rating', requester: 'ticket.requester', type: 'newTicket.type',
};

/** How properties of a ticket and their values are called (属性名与取值), for changes side by side. */
export function usePropertyWords() {
  const { t, language } = useTexts();
  const types = useQuery(ticketTypes);
  const categoryList = useQuery(categories);
  const ownStatuses = useQuery(ticketStatusRecords);
  const name = (property: string): string => {
    const key = names[property];
    return key === undefined ? property.replace(/^fields\./, '') : t(key);
  };
  function value(property: string, raw: unknown): string {
    if (raw === null || raw === undefined || raw === '') return t('common.none');
    if (property === 'priority' && typeof raw === 'string') return words(`priority.${priorities.find((one) => one === raw) ?? 'normal'}`);
    if (property === 'status' && typeof raw === 'string') {
      // One of the organization's own goes by its id.
      const own = ownStatuses.data?.find((one) => one.id === raw);
      return own === undefined ? words(`status.${raw as 'new'}`) : localName(own, language);
    }
    if (property === 'waitingFor' && typeof raw === 'string' && raw in waitingTexts) return t(waitingTexts[raw as keyof typeof waitingTexts]);
    if (property === 'type' && typeof raw === 'string') {
      const type = types.data?.find((one) => one.id === raw || one.key === raw);
      return type === undefined ? raw : localName(type, language);
    }
    if (property === 'category' && typeof raw === 'string') return categoryList.data?.find((one) => one.id === raw)?.path.join(' / ') ?? raw;
    if (Array.isArray(raw)) return raw.length === 0 ? t('common.none') : raw.map((one) => value('', one)).join(t('common.listSeparator'));
    if (typeof raw === 'object') {
      const { name: named, path, number, address, code } = raw as Record<string, unknown>;
      if (Array.isArray(path)) return path.join(' / ');
      for (const one of [named, number, address, code]) if (typeof one === 'string') return one;
      return JSON.stringify(raw);
    }
    return String(raw as string | number | boolean);
  }
  return { name, value };
}
