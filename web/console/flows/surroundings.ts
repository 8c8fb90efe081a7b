import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Flow } from '../../../contract/flow.ts';
import type { FlowSurroundings } from '../../../rules/workflow/check.ts';
import { teams, ticketTypes } from '../data/records.ts';
import { ticketType } from '../form/form-queries.ts';
import { ticketStatusRecords } from '../parts/filter-vocabulary.ts';
import { flows } from './flow-queries.ts';

/** What a flow is checked against, as far as the browser knows it (检查范围): what is not loaded yet is not held against it. */
export function useSurroundings(record: Flow): FlowSurroundings {
  const teamList = useQuery(teams).data;
  const statusList = useQuery(ticketStatusRecords).data;
  const typeList = useQuery(ticketTypes).data;
  const flowList = useQuery(flows).data;
  const forms = useQueries({ queries: record.types.map(({ id }) => ticketType(id)), combine: (results) => ({ all: results.every(({ data }) => data !== undefined), fields: results.flatMap(({ data }) => data?.form.fields ?? []) }) });
  // Without a ticket type that goes through it, its fields are not known: they are not held against it.
  const fields = record.types.length > 0 && forms.all ? forms.fields : undefined;
  const fieldsKey = fields?.map(({ key, kind }) => `${key} ${kind}`).join();
  return useMemo((): FlowSurroundings => ({
    ...(fields === undefined ? {} : { fields }),
    ...(teamList === undefined ? {} : { isTeam: (id) => teamList.some((one) => one.id === id) }),
    ...(statusList === undefined ? {} : { isStatus: (id) => statusList.some((one) => one.id === id) }),
    ...(typeList === undefined ? {} : { isTicketType: (name) => typeList.some((one) => one.id === name || one.key === name) }),
    ...(flowList === undefined ? {} : { subflow: (id) => (id === record.id ? 'circular' : flowList.some((one) => one.id === id && one.published !== null) ? 'published' : null) }),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the fields as a text: the list is another one each time
  }), [fieldsKey, teamList, statusList, typeList, flowList, record.id]);
}
