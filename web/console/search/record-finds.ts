import { useQueries } from '@tanstack/react-query';
import type { Asset } from '../../../contract/asset.ts';
import type { Account, Customer } from '../../../contract/customer.ts';
import type { Staff } from '../../../contract/organization.ts';
import type { Permission } from '../../../rules/access/permissions.ts';
import { api } from '../../ui/api.ts';
import { useTexts, type TextKey } from '../i18n.ts';
import type { IconName } from '../parts/icon.tsx';
import { jobTexts } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';

export type RecordKind = 'customers' | 'accounts' | 'assets' | 'people';
export type FoundRecord = { id: string; name: string; detail: string };
export type RecordFinds = { kind: RecordKind; text: TextKey; icon: IconName; items: FoundRecord[]; /** There are more than those. */ more: boolean; searching: boolean };

type Found = Customer | Account | Asset | Staff;
const kinds: readonly { kind: RecordKind; list: 'customers' | 'accounts' | 'assets' | 'staff'; text: TextKey; icon: IconName; permission: Permission }[] = [
  { kind: 'customers', list: 'customers', text: 'nav.customers', icon: 'customers', permission: 'customer.read' },
  { kind: 'accounts', list: 'accounts', text: 'search.accounts', icon: 'building', permission: 'customer.read' },
  { kind: 'assets', list: 'assets', text: 'nav.assets', icon: 'assets', permission: 'asset.read' },
  { kind: 'people', list: 'staff', text: 'nav.people', icon: 'people', permission: 'organization.read' },
];

/**
 * What is found beside tickets (搜索客户、单位、设备、员工), each kind by whoever may read it; nothing for a single letter that is no Chinese word.
 *
 * @param most so many of each kind
 */
export function useRecordFinds(words: string, most: number): RecordFinds[] {
  const { t } = useTexts();
  const { may } = useSession();
  const look = words.length >= 2 || /\p{Script=Han}/u.test(words);
  const open = kinds.filter(({ permission }) => may(permission));
  return useQueries({
    queries: open.map(({ list }) => ({
      queryKey: [list, 'search', words, most],
      // One more than is shown tells whether there are others.
      queryFn: async ({ signal }: { signal: AbortSignal }) => (await api.get<{ items: Found[] }>(`/${list}`, { query: { q: words, limit: most + 1 }, signal })).data.items,
      enabled: look, staleTime: 10_000, placeholderData: (before: Found[] | undefined) => before,
    })),
    combine: (answers) => open.map(({ kind, text, icon }, at) => {
      const found = look ? (answers[at]?.data ?? []) : [];
      return { kind, text, icon, more: found.length > most, searching: answers[at]?.isFetching === true, items: found.slice(0, most).map((one) => ({ id: one.id, name: one.name, detail: detailOf(kind, one, t) })) };
    }),
  });
}

function detailOf(kind: RecordKind, found: Found, t: ReturnType<typeof useTexts>['t']): string {
  const parts = (): (string | null | undefined)[] => {
    switch (kind) {
      case 'customers': { const { phone, account, address } = found as Customer; return [phone, account?.name, address]; }
      case 'accounts': { const { code, address } = found as Account; return [code, address]; }
      case 'assets': { const { code, model, address } = found as Asset; return [code, model, address]; }
      case 'people': { const { job, teams, active } = found as Staff; return [active ? null : t('staff.inactive'), t(jobTexts[job]), ...teams.map((team) => team.name)]; }
    }
  };
  return parts().filter((part) => part != null && part !== '').join(' · ');
}
