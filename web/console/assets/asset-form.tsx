import { Button, DatePicker, Form, Input, Segmented } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import type { Asset } from '../../../contract/asset.ts';
import { api } from '../../ui/api.ts';
import { EditForm } from '../customers/edit-form.tsx';
import { AccountPick, CustomerPick } from '../customers/pick.tsx';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { AssetPick, SitePick } from './asset-pick.tsx';
import { useAssetTexts } from './texts.ts';
import styles from './asset-form.module.css';

type Named = { id: string; name: string };
/** Where a new asset belongs from the start. */
export type AssetAt = { customer?: Named; account?: Named; site?: Named; parent?: Named };

type Attribute = { name?: string; value?: string };
type Values = {
  code?: string; name?: string; model?: string; serialNumber?: string; accountId?: string | undefined; siteId?: string | undefined; customerId?: string | undefined; parentId?: string | undefined;
  address?: string; criticality?: Asset['criticality']; installedOn?: string | undefined; warrantyUntil?: string | undefined; attributes?: Attribute[]; externalId?: string;
};

const criticalities = ['low', 'normal', 'high'] as const;
const valuesOf = (asset: Asset): Values => ({
  code: asset.code, name: asset.name, model: asset.model ?? '', serialNumber: asset.serialNumber ?? '', accountId: asset.account?.id, siteId: asset.site?.id, customerId: asset.customer?.id, parentId: asset.parent?.id,
  address: asset.address ?? '', criticality: asset.criticality, installedOn: asset.installedOn ?? undefined, warrantyUntil: asset.warrantyUntil ?? undefined,
  attributes: Object.entries(asset.attributes).map(([name, value]) => ({ name, value: String(value) })), externalId: asset.externalId ?? '',
});

/** A value as it was, where it still reads the same: numbers stay numbers. */
function attributesOf(list: readonly Attribute[], before: Asset['attributes']): Asset['attributes'] {
  return Object.fromEntries(list.flatMap(({ name, value }) => {
    const key = name?.trim() ?? '';
    const text = value?.trim() ?? '';
    if (key === '' || text === '') return [];
    const was = before[key];
    return [[key, was !== undefined && String(was) === text ? was : text]];
  }));
}

/** Adds an asset or changes one (设备表单). */
export function AssetForm({ asset, at = {}, onClose, onDone }: { asset?: Asset; at?: AssetAt; onClose: () => void; onDone?: (asset: Asset) => void }) {
  const { t } = useTexts();
  const { t: say } = useAssetTexts();
  const { may } = useSession();
  const isNew = asset === undefined;
  const required = [{ required: true, whitespace: true, message: t('common.required') }];
  const criticalityTexts = { low: say('asset.low'), normal: say('asset.normal'), high: say('asset.high') };
  const dayField = { getValueProps: (value: string | undefined) => ({ value: value === undefined ? undefined : dayjs(value) }), normalize: (value: Dayjs | null) => value?.format('YYYY-MM-DD') };
  const seesCustomers = may('customer.read');
  return (
    <EditForm<Values, Asset>
      title={isNew ? say('list.new') : say('asset.editTitle')}
      path={isNew ? '/assets' : `/assets/${asset.id}`}
      version={asset?.version}
      values={isNew ? { criticality: 'normal', attributes: [], customerId: at.customer?.id, accountId: at.account?.id, siteId: at.site?.id, parentId: at.parent?.id } : valuesOf(asset)}
      fields={[
        { name: 'code', label: say('asset.code') }, { name: 'name', label: say('asset.name') }, { name: 'model', label: say('asset.model') }, { name: 'serialNumber', label: say('asset.serialNumber') },
        { name: 'accountId', label: say('asset.account'), show: () => say('asset.account') }, { name: 'siteId', label: say('asset.site'), show: () => say('asset.site') }, { name: 'customerId', label: say('asset.customer'), show: () => say('asset.customer') },
        { name: 'parentId', label: say('asset.parent'), show: () => say('asset.parent') }, { name: 'address', label: say('asset.address') }, { name: 'criticality', label: say('asset.criticality'), show: (value) => criticalityTexts[value as Asset['criticality']] },
        { name: 'installedOn', label: say('asset.installedOn') }, { name: 'warrantyUntil', label: say('asset.warrantyUntil') },
        { name: 'attributes', label: say('asset.attributes'), show: (value) => (value as Attribute[]).map((one) => `${one.name ?? ''}${t('common.colon')}${one.value ?? ''}`).join('; ') }, { name: 'externalId', label: say('asset.externalId') },
      ]}
      toBody={({ attributes, ...values }) => ({
        ...Object.fromEntries(Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
          const plain = typeof value === 'string' ? value.trim() : value;
          const empty = plain === '' || plain === undefined || plain === null;
          return isNew && empty ? [] : [[name, empty ? null : plain]];
        })),
        ...(attributes === undefined ? {} : { attributes: attributesOf(attributes, asset?.attributes ?? {}) }),
      })}
      reload={async () => {
        const { data } = await api.get<Asset>(`/assets/${asset?.id ?? ''}`);
        return { version: data.version, values: valuesOf(data) };
      }}
      outdates={['assets', 'accounts', 'customers']}
      onClose={onClose}
      {...(onDone === undefined ? {} : { onDone })}
    >
      <Form.Item name="code" label={say('asset.code')} rules={[...required, { pattern: /^\s*\S+\s*$/, message: say('asset.codeWrong') }]}>
        <Input autoFocus maxLength={64} />
      </Form.Item>
      <Form.Item name="name" label={say('asset.name')} rules={required}>
        <Input maxLength={100} />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="model" label={say('asset.model')}><Input maxLength={100} /></Form.Item>
        <Form.Item name="serialNumber" label={say('asset.serialNumber')}><Input maxLength={100} /></Form.Item>
      </div>
      {seesCustomers && (
        <>
          <div className={styles.pair}>
            <Form.Item name="accountId" label={say('asset.account')}><AccountPick name={asset?.account?.name ?? at.account?.name} /></Form.Item>
            <Form.Item noStyle dependencies={['accountId']}>
              {({ getFieldValue }) => (
                <Form.Item name="siteId" label={say('asset.site')}><SitePick accountId={getFieldValue('accountId') as string | undefined} name={asset?.site?.name ?? at.site?.name} /></Form.Item>
              )}
            </Form.Item>
          </div>
          <Form.Item name="customerId" label={say('asset.customer')}><CustomerPick name={asset?.customer?.name ?? at.customer?.name} /></Form.Item>
        </>
      )}
      <Form.Item name="parentId" label={say('asset.parent')}><AssetPick without={asset?.id} name={asset?.parent == null ? at.parent?.name : `${asset.parent.name} · ${asset.parent.code}`} /></Form.Item>
      <Form.Item name="address" label={say('asset.address')}><Input.TextArea maxLength={300} autoSize={{ minRows: 1, maxRows: 4 }} /></Form.Item>
      <Form.Item name="criticality" label={say('asset.criticality')}>
        <Segmented block options={criticalities.map((value) => ({ value, label: criticalityTexts[value] }))} />
      </Form.Item>
      <div className={styles.pair}>
        <Form.Item name="installedOn" label={say('asset.installedOn')} {...dayField}><DatePicker className={styles.full} /></Form.Item>
        <Form.Item name="warrantyUntil" label={say('asset.warrantyUntil')} {...dayField}><DatePicker className={styles.full} /></Form.Item>
      </div>
      <Form.Item name="externalId" label={say('asset.externalId')}><Input maxLength={120} /></Form.Item>
      <Form.List name="attributes">
        {(rows, { add, remove }) => (
          <div role="group" aria-label={say('asset.attributes')} className={styles.attributes}>
            <span>{say('asset.attributes')}</span>
            {rows.map((row) => (
              <div key={row.key} className={styles.attribute}>
                <Form.Item name={[row.name, 'name']} noStyle><Input maxLength={60} placeholder={say('asset.attributeName')} aria-label={say('asset.attributeName')} /></Form.Item>
                <Form.Item name={[row.name, 'value']} noStyle><Input maxLength={500} placeholder={say('asset.attributeValue')} aria-label={say('asset.attributeValue')} /></Form.Item>
                <Button type="text" icon={<Icon name="close" />} aria-label={t('common.remove')} onClick={() => remove(row.name)} />
              </div>
            ))}
            <Button type="dashed" block icon={<Icon name="plus" />} disabled={rows.length >= 50} onClick={() => add({})}>{say('asset.addAttribute')}</Button>
          </div>
        )}
      </Form.List>
    </EditForm>
  );
}
