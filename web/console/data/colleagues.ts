import { queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Staff } from '../../../contract/organization.ts';
import { api } from '../../ui/api.ts';
import { soundsLike } from '../../../rules/text/pinyin.ts';
import { staffList } from './records.ts';

/** So many colleagues are looked through by how their names sound; of more the server finds by their letters alone. */
const mostHeard = 2000;

const everybody = (team: string | undefined) => queryOptions({
  queryKey: ['staff', 'heard', team ?? null],
  queryFn: async ({ signal }) => {
    const people: Staff[] = [];
    let cursor: string | null | undefined;
    do {
      const { data }: { data: { items: Staff[]; nextCursor: string | null } } = await api.get('/staff', { query: { team, limit: 200, cursor: cursor ?? undefined }, signal });
      people.push(...data.items);
      cursor = data.nextCursor;
    } while (cursor !== null && people.length < mostHeard);
    return people;
  },
  staleTime: 300_000,
});

/** Whether something is typed in Latin letters, as pinyin is. */
const isLatin = (typed: string): boolean => /^[a-zü'’ ]+$/i.test(typed);

/**
 * Colleagues by what is typed of their name (查找同事): its characters, its pinyin or the initials of that, and the address; the
 * first page of them, whoever left included.
 */
export function useColleagues(typed: string, { team, enabled = true }: { team?: string | undefined; enabled?: boolean } = {}) {
  const filter = team === undefined ? {} : { team };
  const found = useInfiniteQuery({ ...staffList(typed === '' ? filter : { ...filter, q: typed }), enabled });
  const heard = useQuery({ ...everybody(team), enabled: enabled && isLatin(typed) });
  const written = found.data?.pages.flatMap((page) => page.items) ?? [];
  const sounding = isLatin(typed) ? (heard.data ?? []).filter((person) => soundsLike(person.name, typed)) : [];
  return {
    people: [...sounding, ...written.filter((person) => !sounding.some(({ id }) => id === person.id))],
    isFetching: found.isFetching || (isLatin(typed) && heard.isFetching), isPending: found.isPending || (isLatin(typed) && heard.isPending), isError: found.isError, error: found.error, refetch: found.refetch,
  };
}
