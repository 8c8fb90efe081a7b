import type { Asset } from '../../../contract/asset.ts';
import type { Account, Customer } from '../../../contract/customer.ts';
import type { Staff } from '../../../contract/organization.ts';
import { SearchEverything, SearchResult, searchLimits } from '../../../contract/search.ts';
import { holds } from '../../../rules/access/policy.ts';
import type { Permission } from '../../../rules/access/permissions.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { useCase, type UseCase } from '../../platform/http/use-case.ts';
import { listAccounts } from '../../records/account/list-accounts.ts';
import { listAssets } from '../../records/asset/list-assets.ts';
import { listCustomers } from '../../records/customer/list-customers.ts';
import { listStaff } from '../../records/staff/list-staff.ts';
import { listTickets as readPage } from '../../records/ticket/list.ts';
import { viewLines } from '../../records/ticket/lines.ts';
import { openList } from '../../records/view/open-list.ts';
import { withPatience } from '../../records/view/patience.ts';

const { counted, shown } = searchLimits;
/** No list takes more. */
const mostOfList = 100;

/** One box for everything (全局搜索): the first of each kind that the lists of it find, with how many there are. */
export const searchEverything = useCase({
  summary: 'Search tickets, customers, accounts, assets and staff at once',
  query: SearchEverything,
  answer: SearchResult,
  async run(context, { query: { q } }) {
    const subject = staffOf(context);
    const listed = async <Item>(permission: Permission, list: UseCase): Promise<{ count: number; more: boolean; items: Item[] } | null> => {
      if (!holds(subject, permission)) return null;
      const page = await list.run(context, { params: {}, query: { q: q.slice(0, mostOfList), limit: counted }, body: {}, ifMatch: null } as never) as { items: Item[]; nextCursor: string | null };
      return { count: page.items.length, more: page.nextCursor !== null, items: page.items.slice(0, shown) };
    };
    return {
      tickets: holds(subject, 'ticket.read') ? await ticketsWith(context, q) : null,
      customers: await listed<Customer>('customer.read', listCustomers), accounts: await listed<Account>('customer.read', listAccounts),
      assets: await listed<Asset>('asset.read', listAssets), staff: await listed<Staff>('organization.read', listStaff),
    };
  },
});

/** Tickets, the best matches first. */
function ticketsWith(asking: Context, q: string): Promise<SearchResult['tickets']> {
  return withPatience(asking, async (context) => {
    const opened = await openList(context, { q });
    const { rows, nextCursor } = await readPage(context, { ...opened, limit: counted, cursor: undefined });
    return { count: rows.length, more: nextCursor !== null, items: await viewLines(context, rows.slice(0, shown), { columns: opened.columns, query: opened.query }) };
  });
}
