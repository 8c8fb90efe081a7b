import { Checkbox, Form, Input, Select } from 'antd';
import type { CustomerDetail } from '../../../contract/customer.ts';
import { newsChoices, type NewsChoice } from '../../../rules/news/events.ts';
import { api } from '../../ui/api.ts';
import { useTexts } from '../i18n.ts';
import { phoneRule } from '../parts/field-words.ts';
import { EditForm } from './edit-form.tsx';
import { AccountPick } from './pick.tsx';
import { useCustomerTexts } from './texts.ts';
import { TierSelect, useTierName } from './tier.tsx';

type Values = {
  name?: string; phone?: string; email?: string; tier?: string | undefined; accountId?: string | undefined; accountRole?: string; address?: string; language?: 'zh-CN' | 'en' | undefined; news?: NewsChoice;
  tags?: string[]; idNumber?: string; clearIdNumber?: boolean; externalId?: string;
};

function valuesOf(customer: CustomerDetail): Values {
  return {
    name: customer.name, tier: customer.tier ?? undefined, accountId: customer.account?.id, accountRole: customer.accountRole ?? '', address: customer.address ?? '', language: customer.language ?? undefined, news: customer.news,
    tags: customer.tags, idNumber: '', clearIdNumber: false, externalId: customer.externalId ?? '',
  };
}

function bodyOf({ clearIdNumber, idNumber, ...values }: Values, isNew: boolean): object {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const plain = typeof value === 'string' ? value.trim() : value;
    if (name === 'tags') body.tags = value ?? [];
    else body[name] = plain === '' || plain === undefined ? null : plain;
  }
  if (idNumber?.trim()) body.idNumber = idNumber.trim();
  else if (clearIdNumber === true) body.idNumber = null;
  return isNew ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) : body;
}

/** Adds a customer or changes one (客户表单). What is masked is replaced only when something new is typed. */
export function CustomerForm({ customer, account, onClose, onDone }: { customer?: CustomerDetail; account?: { id: string; name: string } | undefined; onClose: () => void; onDone?: (customer: CustomerDetail) => void }) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const tierName = useTierName();
  const isNew = customer === undefined;
  return (
    <EditForm<Values, CustomerDetail>
      title={isNew ? say('page.new') : say('page.editTitle')}
      path={isNew ? '/customers' : `/customers/${customer.id}`}
      version={customer?.version}
      values={isNew ? { accountId: account?.id, tags: [] } : valuesOf(customer)}
      fields={[
        { name: 'name', label: say('profile.name') }, { name: 'phone', label: say('profile.phone') }, { name: 'email', label: say('profile.email') },
        { name: 'tier', label: say('profile.tier'), show: (value) => tierName(String(value)) }, { name: 'accountId', label: say('profile.account'), show: () => say('profile.account') }, { name: 'accountRole', label: say('profile.accountRole') },
        { name: 'address', label: say('profile.address') }, { name: 'language', label: say('profile.language'), show: (value) => (value === 'en' ? say('profile.english') : say('profile.chinese')) },
        { name: 'news', label: say('profile.news'), show: (value) => say(`profile.news.${newsChoices.find((one) => one === value) ?? 'all'}`) },
        { name: 'tags', label: say('profile.tags') }, { name: 'idNumber', label: say('profile.idNumber') }, { name: 'externalId', label: say('profile.externalId') },
      ]}
      toBody={(values) => bodyOf(values, isNew)}
      reload={async () => {
        const { data } = await api.get<CustomerDetail>(`/customers/${customer?.id ?? ''}`);
        return { version: data.version, values: valuesOf(data) };
      }}
      outdates={['customers', 'accounts']}
      onClose={onClose}
      {...(onDone === undefined ? {} : { onDone })}
    >
      <Form.Item name="name" label={say('profile.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}>
        <Input autoFocus maxLength={100} />
      </Form.Item>
      {isNew && (
        <>
          <Form.Item name="phone" label={say('profile.phone')} rules={[phoneRule]}>
            <Input inputMode="tel" maxLength={30} autoComplete="off" />
          </Form.Item>
          <Form.Item name="email" label={say('profile.email')} rules={[{ type: 'email', message: t('record.emailWrong') }]}>
            <Input inputMode="email" maxLength={254} autoComplete="off" />
          </Form.Item>
        </>
      )}
      <Form.Item name="tier" label={say('profile.tier')}>
        <TierSelect />
      </Form.Item>
      <Form.Item name="accountId" label={say('profile.account')}>
        <AccountPick name={customer?.account?.name ?? account?.name} />
      </Form.Item>
      <Form.Item name="accountRole" label={say('profile.accountRole')}>
        <Input maxLength={40} placeholder={say('profile.accountRolePlaceholder')} />
      </Form.Item>
      <Form.Item name="address" label={say('profile.address')}>
        <Input.TextArea maxLength={300} autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
      <Form.Item name="tags" label={say('profile.tags')} extra={say('profile.tagsHint')}>
        <Select mode="tags" maxCount={20} open={false} suffixIcon={null} tokenSeparators={[',', '，', ';', '；']} />
      </Form.Item>
      <Form.Item name="language" label={say('profile.language')}>
        <Select allowClear options={[{ value: 'zh-CN', label: say('profile.chinese') }, { value: 'en', label: say('profile.english') }]} />
      </Form.Item>
      {!isNew && (
        <Form.Item name="news" label={say('profile.news')}>
          <Select options={newsChoices.map((value) => ({ value, label: say(`profile.news.${value}`) }))} />
        </Form.Item>
      )}
      <Form.Item name="idNumber" label={say('profile.idNumber')} extra={customer?.idNumber ? say('profile.idNumberKeep', { masked: customer.idNumber }) : say('profile.idNumberHint')} rules={[{ pattern: /^\s*[0-9A-Za-z()（）-]{4,40}\s*$/, message: say('profile.idNumberWrong') }]}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      {customer?.idNumber != null && (
        <Form.Item name="clearIdNumber" valuePropName="checked">
          <Checkbox>{say('profile.idNumberClear')}</Checkbox>
        </Form.Item>
      )}
      <Form.Item name="externalId" label={say('profile.externalId')} extra={say('profile.externalIdHint')}>
        <Input maxLength={120} />
      </Form.Item>
    </EditForm>
  );
}
