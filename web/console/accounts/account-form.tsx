import { Form, Input, Select } from 'antd';
import { accountKinds, type Account, type AccountKind } from '../../../contract/customer.ts';
import { api } from '../../ui/api.ts';
import { EditForm } from '../customers/edit-form.tsx';
import { AccountPick } from '../customers/pick.tsx';
import { useCustomerTexts } from '../customers/texts.ts';
import { TierSelect, useTierName } from '../customers/tier.tsx';
import { useTexts } from '../i18n.ts';

type Values = { name?: string; kind?: AccountKind; code?: string; parentId?: string | undefined; tier?: string | undefined; address?: string; description?: string; externalId?: string };

const valuesOf = (account: Account): Values => ({
  name: account.name, kind: account.kind, code: account.code ?? '', parentId: account.parent?.id, tier: account.tier ?? undefined, address: account.address ?? '', description: account.description ?? '', externalId: account.externalId ?? '',
});

/** The kinds of accounts as choices, in the reader's language. */
export function useKindOptions(): { value: AccountKind; label: string }[] {
  const { language } = useTexts();
  return (Object.keys(accountKinds) as AccountKind[]).map((value) => ({ value, label: accountKinds[value][language === 'en' ? 'en' : 'zh'] }));
}

/** Adds an account or changes one (客户单位表单). */
export function AccountForm({ account, parent, onClose, onDone }: { account?: Account; parent?: { id: string; name: string } | undefined; onClose: () => void; onDone?: (account: Account) => void }) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const kinds = useKindOptions();
  const tierName = useTierName();
  const isNew = account === undefined;
  return (
    <EditForm<Values, Account>
      title={isNew ? say('account.new') : say('account.edit')}
      path={isNew ? '/accounts' : `/accounts/${account.id}`}
      version={account?.version}
      values={isNew ? { kind: 'company', parentId: parent?.id } : valuesOf(account)}
      fields={[
        { name: 'name', label: say('account.name') }, { name: 'kind', label: say('account.kind'), show: (value) => kinds.find((one) => one.value === value)?.label }, { name: 'code', label: say('account.code') },
        { name: 'parentId', label: say('account.parent'), show: () => say('account.parent') }, { name: 'tier', label: say('profile.tier'), show: (value) => tierName(String(value)) }, { name: 'address', label: say('profile.address') },
        { name: 'description', label: say('account.description') }, { name: 'externalId', label: say('profile.externalId') },
      ]}
      toBody={(values) => Object.fromEntries(Object.entries(values).flatMap(([name, value]) => {
        const plain = typeof value === 'string' ? value.trim() : value;
        const empty = plain === '' || plain === undefined;
        return isNew && empty ? [] : [[name, empty ? null : plain]];
      }))}
      reload={async () => {
        const { data } = await api.get<Account>(`/accounts/${account?.id ?? ''}`);
        return { version: data.version, values: valuesOf(data) };
      }}
      outdates={['accounts', 'customers']}
      onClose={onClose}
      {...(onDone === undefined ? {} : { onDone })}
    >
      <Form.Item name="name" label={say('account.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
        <Input autoFocus maxLength={100} />
      </Form.Item>
      <Form.Item name="kind" label={say('account.kind')}>
        <Select options={kinds} />
      </Form.Item>
      <Form.Item name="code" label={say('account.code')} extra={say('account.codeHint')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="parentId" label={say('account.parent')}>
        <AccountPick name={account?.parent?.name ?? parent?.name} without={account === undefined ? [] : [account.id]} />
      </Form.Item>
      <Form.Item name="tier" label={say('profile.tier')}>
        <TierSelect />
      </Form.Item>
      <Form.Item name="address" label={say('profile.address')}>
        <Input.TextArea maxLength={300} autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
      <Form.Item name="description" label={say('account.description')}>
        <Input.TextArea maxLength={2000} autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      <Form.Item name="externalId" label={say('profile.externalId')} extra={say('profile.externalIdHint')}>
        <Input maxLength={120} />
      </Form.Item>
    </EditForm>
  );
}
