import { CreateAccount, accountKinds, type AccountKind } from '../../../../../contract/customer.ts';
import { withoutEmpty, wordIn } from '../../../../../rules/imports/values.ts';
import { build } from '../../../../platform/db/database.ts';
import { addAccount, changeAccount } from '../../../../records/account/change-account.ts';
import { ambiguous } from '../find.ts';
import { checked, said, tiesTo, type KindHandler } from '../kind.ts';

const kinds = Object.fromEntries(Object.entries(accountKinds).map(([key, { zh, en }]) => [key, [zh, en]])) as Record<AccountKind, string[]>;

/** Accounts (导入客户单位): known by their external id, else by their code, else by their name. What a row leaves empty stays as it is. */
export const accounts: KindHandler = {
  kind: 'accounts',
  permission: 'customer.write',
  ties: (row) => ({ own: [row.key, ...['name', 'code', 'externalId'].flatMap((target) => tiesTo(row, target, target))], shared: [] }),
  async take(context, row) {
    const { transaction, tenantId } = context;
    const body = checked<CreateAccount>(context, CreateAccount, withoutEmpty({
      name: said(row, 'name'), kind: row.said.has('kind') ? wordIn(row.said.get('kind')!, kinds) : undefined, code: said(row, 'code'), tier: said(row, 'tier'), address: said(row, 'address'), description: said(row, 'description'), externalId: said(row, 'externalId'),
    }));
    const by = async (column: 'external_id' | 'code' | 'name', value: string | null | undefined) => (value ? transaction.run(build.selectFrom('account').selectAll().where('tenant_id', '=', tenantId).where(column, '=', value).limit(2).forNoKeyUpdate()) : []);
    let found = await by('external_id', body.externalId);
    if (found.length === 0) found = await by('code', body.code);
    // Of two with a name, one may be another's that only shares it.
    if (found.length === 0 && !body.code && !body.externalId) found = await by('name', body.name);
    if (found.length > 1) throw ambiguous('/name');
    if (!found[0]) {
      await addAccount(context, body);
      return 'created';
    }
    return await changeAccount(context, found[0], body) === found[0] ? 'present' : 'updated';
  },
};
