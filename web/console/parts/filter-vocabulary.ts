import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Asset, Customer, Staff } from '../../../contract/organization.ts';
import type { TicketStatus } from '../../../contract/form.ts';
import { ticketProperties, type Filter, type PropertyDefinition } from '../../../rules/conditions/filter.ts';
import { fieldProperties } from '../../../rules/forms/field-properties.ts';
import type { FieldDefinition, TreeOption } from '../../../rules/forms/form.ts';
import { sortableFields } from '../../../rules/forms/sortable-fields.ts';
import { priorities, ticketStatuses, waitingReasons } from '../../../rules/ticket/lifecycle.ts';
import { api } from '../../ui/api.ts';
import { testsOf, type FilterChoice, type FilterVocabulary } from '../../ui/filter/vocabulary.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { words } from '../../ui/words.ts';
import { asset, categories, customer, departments, staffMember, teams, ticketTypes, whole } from '../data/records.ts';
import { ticketType } from '../form/form-queries.ts';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import { channelTexts, jobTexts, localName, waitForTexts } from './names.ts';
import { propertyTexts } from './property-texts.ts';

export const ticketStatusRecords = whole<TicketStatus>('ticket-statuses');

const sections = {
  'property.sectionState': ['status', 'statusId', 'priority', 'waitingFor', 'assignee', 'team', 'department', 'category', 'type', 'channel', 'tag'],
  'property.sectionTime': ['createdAt', 'updatedAt', 'acceptedAt', 'resolvedAt', 'closedAt', 'dueAt', 'breachedAt'],
  'property.sectionWhat': ['subject', 'description', 'number', 'customer', 'account', 'asset', 'site', 'parent', 'rating', 'reopenedCount'],
  'property.sectionWho': ['createdBy', 'watcher', 'participant'],
} as const;

/** A tree as a list: the whole path of each entry. */
function paths(records: readonly { id: string; name: string; nameEn?: string | null; parentId: string | null }[], language: 'zh-CN' | 'en', parentId: string | null = null, above = ''): FilterChoice[] {
  return records.filter((one) => one.parentId === parentId).flatMap((one) => {
    const label = above === '' ? localName(one, language) : `${above} / ${localName(one, language)}`;
    return [{ value: one.id, label }, ...paths(records, language, one.id, label)];
  });
}

function treeChoices(options: readonly TreeOption[], language: 'zh-CN' | 'en', above = ''): FilterChoice[] {
  return options.flatMap((one) => {
    const label = above === '' ? wordsIn(one.label, language) : `${above} / ${wordsIn(one.label, language)}`;
    return [{ value: one.key, label }, ...treeChoices(one.children ?? [], language, label)];
  });
}

/** The forms of the organization's types, as far as they are known. */
function useForms() {
  const types = useQuery(ticketTypes);
  const ids = (types.data ?? []).map((type) => type.id);
  return useQueries({ queries: ids.map((id) => ticketType(id)), combine: (results) => results.flatMap((one) => one.data ?? []) });
}

/** The fields of all ticket types, by key: of two types that call different things the same, the first one's. */
export function useTicketFields(): ReadonlyMap<string, FieldDefinition> {
  const forms = useForms();
  return useMemo(() => {
    const fields = new Map<string, FieldDefinition>();
    for (const type of forms) for (const field of type.form.fields) if (!fields.has(field.key)) fields.set(field.key, field);
    return fields;
  }, [forms]);
}

/** The fields that lists can be put in order by, by key; undefined until all forms are known. */
export function useSortableFields(): ReadonlyMap<string, FieldDefinition> | undefined {
  const forms = useForms();
  const types = useQuery(ticketTypes).data?.length;
  return useMemo(() => (forms.length !== types ? undefined : new Map([...sortableFields(forms.map((type) => type.form))].map(([key, fields]) => [key, fields[0] as FieldDefinition]))), [forms, types]);
}

type Page<Item> = { items: Item[] };
const found = 30;

/** What tickets can be filtered by (工单筛选词汇), with the names of whatever the given filters mention. */
export function useFilterVocabulary(...filters: readonly (Filter | undefined)[]): FilterVocabulary {
  const { t, language } = useTexts();
  const { may } = useSession();
  const queryClient = useQueryClient();
  const forms = useForms();
  const organization = may('organization.read');
  const teamList = useQuery({ ...teams, enabled: organization });
  const departmentList = useQuery({ ...departments, enabled: organization });
  const categoryList = useQuery(categories);
  const typeList = useQuery(ticketTypes);
  const statusList = useQuery(ticketStatusRecords);

  // Fields of people, customers and assets are named like the properties are.
  const kinds = useMemo(() => {
    const of = new Map<string, 'person' | 'customer' | 'asset'>([['assignee', 'person'], ['createdBy', 'person'], ['watcher', 'person'], ['participant', 'person'], ['customer', 'customer'], ['asset', 'asset']]);
    for (const type of forms) for (const field of type.form.fields) if (field.kind === 'person' || field.kind === 'customer' || field.kind === 'asset') of.set(`fields.${field.key}`, field.kind);
    return of;
  }, [forms]);
  const mentioned = filters.flatMap((filter) => (filter === undefined ? [] : testsOf(filter))).flatMap(({ property, value }) => {
    const kind = kinds.get(property);
    const ids = (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string' && one.length > 20);
    return kind === undefined ? [] : ids.map((id) => ({ kind, id }));
  });
  const distinct = [...new Map(mentioned.map((one) => [one.id, one])).values()];
  const names = useQueries({
    queries: distinct.map(({ kind, id }) => (kind === 'person' ? { ...staffMember(id), enabled: organization } : kind === 'customer' ? { ...customer(id), enabled: may('customer.read') } : { ...asset(id), enabled: may('asset.read') }) as ReturnType<typeof staffMember>),
    combine: (results) => new Map(results.flatMap(({ data }) => (data === undefined ? [] : [[data.id, data.name] as const]))),
  });

  return useMemo((): FilterVocabulary => {
    const properties: Record<string, PropertyDefinition> = { ...ticketProperties };
    const labels = new Map<string, string>(Object.entries(propertyTexts).map(([property, key]) => [property, t(key)]));
    const options = new Map<string, readonly FilterChoice[]>([
      ['status', ticketStatuses.map((value) => ({ value, label: words(`status.${value}`) }))],
      ['statusId', (statusList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language), hint: words(`status.${one.class}`) }))],
      ['priority', priorities.map((value) => ({ value, label: words(`priority.${value}`) }))],
      ['waitingFor', waitingReasons.map((value) => ({ value, label: t(waitForTexts[value]) }))],
      ['channel', Object.entries(channelTexts).map(([value, key]) => ({ value, label: t(key) }))],
      ['type', (typeList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) }))],
      ['team', [{ value: 'mine', label: t('filter.mineTeams') }, { value: 'none', label: t('common.noTeam') }, ...(teamList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) }))]],
      ['department', paths(departmentList.data ?? [], language)],
      ['category', [{ value: 'none', label: t('common.none') }, ...paths(categoryList.data ?? [], language)]],
      ['assignee', [{ value: 'me', label: t('common.me') }, { value: 'none', label: t('common.nobody') }]],
      ...(['createdBy', 'watcher', 'participant'] as const).map((property) => [property, [{ value: 'me', label: t('common.me') }]] as const),
    ]);
    const offered: FilterVocabulary['sections'][number][] = [...Object.entries(sections).map(([key, of]) => ({ label: t(key as keyof typeof sections), properties: of.map((property) => ({ property, label: labels.get(property) ?? property })) }))];
    for (const type of forms) {
      const own: { property: string; label: string }[] = [];
      const made = fieldProperties(type.form);
      for (const field of type.form.fields) {
        const property = `fields.${field.key}`;
        const definition = made[property];
        if (definition === undefined) continue;
        const masked = field.masked === true;
        if (labels.has(property)) {
          const before = properties[property];
          if (masked) properties[property] = { kind: 'presence' };
          else if (before?.kind === definition.kind && before.keys !== undefined && definition.keys !== undefined) properties[property] = { ...before, keys: [...new Set([...before.keys, ...definition.keys])] };
          continue;
        }
        properties[property] = masked ? { kind: 'presence' } : definition;
        labels.set(property, wordsIn(field.label, language));
        own.push({ property, label: wordsIn(field.label, language) });
        if (field.kind === 'choice' || field.kind === 'choices') options.set(property, field.options.map((one) => ({ value: one.key, label: wordsIn(one.label, language) })));
        if (field.kind === 'tree') options.set(property, treeChoices(field.options, language));
        if (field.kind === 'person') options.set(property, [{ value: 'me', label: t('common.me') }, { value: 'none', label: t('common.none') }]);
      }
      if (own.length > 0) offered.push({ label: localName(type, language), properties: own });
    }
    const search = {
      person: async (typed: string, signal: AbortSignal) => (await api.get<Page<Staff>>('/staff', { query: { q: typed, limit: found }, signal })).data.items.map((one) => ({ value: one.id, label: one.name, hint: t(jobTexts[one.job]) })),
      customer: async (typed: string, signal: AbortSignal) => (await api.get<Page<Customer>>('/customers', { query: { q: typed, limit: found }, signal })).data.items.map((one) => ({ value: one.id, label: one.name, hint: one.phone ?? '' })),
      asset: async (typed: string, signal: AbortSignal) => (await api.get<Page<Asset>>('/assets', { query: { q: typed, limit: found }, signal })).data.items.map((one) => ({ value: one.id, label: one.name, hint: one.code })),
    };
    const met = new Map<string, string>();
    return {
      properties, sections: offered,
      options: (property) => options.get(property),
      find: (property) => {
        const kind = kinds.get(property);
        return kind === undefined ? undefined : async (typed, signal) => {
          const choices = await search[kind](typed, signal);
          for (const choice of choices) met.set(choice.value, choice.label);
          return choices;
        };
      },
      label: (property) => labels.get(property),
      name: (property, value) => options.get(property)?.find((one) => one.value === value)?.label ?? names.get(value) ?? met.get(value)
        ?? queryClient.getQueryData<{ name: string }>([kinds.get(property) === 'person' ? 'staff' : `${kinds.get(property)}s`, 'one', value])?.name,
    };
  }, [t, language, forms, kinds, names, queryClient, teamList.data, departmentList.data, categoryList.data, typeList.data, statusList.data]);
}
