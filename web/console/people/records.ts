import { queryOptions } from '@tanstack/react-query';
import type { SkillDefinition } from '../../../contract/organization.ts';
import type { Roster, Shifts } from '../../../contract/shifts.ts';
import { api } from '../../ui/api.ts';
import { whole } from '../data/records.ts';

/** The skills in use, and all of them. */
export const skills = whole<SkillDefinition>('skills');
export const allSkills = whole<SkillDefinition>('skills?archived=true');

/** When somebody, or a team, works. */
export const shiftsOf = (kind: 'staff' | 'teams', id: string) => queryOptions({ queryKey: ['shifts', kind, id], queryFn: async () => (await api.get<Shifts>(`/${kind}/${id}/shifts`)).data });

/** Who works when, from one day to another, the last not included. */
export const roster = (query: { from: string; to: string; team?: string }) => queryOptions({
  queryKey: ['shifts', 'roster', query],
  queryFn: async () => {
    const people: Roster[] = [];
    let cursor: string | null = null;
    do {
      const { data }: { data: { items: Roster[]; nextCursor: string | null } } = await api.get('/shifts', { query: { ...query, limit: 100, cursor } });
      people.push(...data.items);
      cursor = data.nextCursor;
    } while (cursor !== null);
    return people;
  },
});
