import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Form, Input, Select, Tooltip, type MenuProps } from 'antd';
import { useState } from 'react';
import { contactKinds, type ContactKind, type ContactPoint, type CustomerDetail, type RevealedCustomer, type RevealedValue } from '../../../contract/customer.ts';
import type { Static } from 'typebox';
import { api, asProblem } from '../../ui/api.ts';
import { formatExact } from '../../ui/time.ts';
import { useTexts } from '../i18n.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { phoneRule } from '../parts/field-words.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { linkOf, outdate } from './data.ts';
import { EditForm } from './edit-form.tsx';
import { DialButton } from '../calls/dial-button.tsx';
import { RevealDialog } from './reveal.tsx';
import { useCustomerTexts } from './texts.ts';
import styles from './contact-points.module.css';

const icons: Partial<Record<ContactKind, IconName>> = { phone: 'phone', email: 'mail' };

export type Revealed = Static<typeof RevealedCustomer>;
type Props = {
  customer: CustomerDetail;
  /** What was revealed of the customer, by the id of the contact point. */
  revealed: Readonly<Record<string, string>>;
  /** Whether what the server sends is whole already: then nothing has to be revealed. */
  whole: (kind: ContactKind) => boolean;
  onRevealed: (values: Readonly<Record<string, string>>) => void;
};

/** The ways to reach a customer (联系方式): shown as the mask policy says, with what can be done with each. */
export function ContactPoints({ customer, revealed, whole, onRevealed }: Props) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  const [editing, setEditing] = useState<ContactPoint | 'new' | null>(null);
  const [revealing, setRevealing] = useState<ContactPoint | null>(null);
  const writable = may('customer.write') && customer.mergedInto === null;
  return (
    <>
      {customer.contactPoints.length === 0 && <p className={styles.nothing}>{say('contact.none')}</p>}
      <ul className={styles.list}>
        {customer.contactPoints.map((contact) => (
          <Line
            key={contact.id}
            customer={customer}
            contact={contact}
            value={revealed[contact.id] ?? contact.value}
            isWhole={revealed[contact.id] !== undefined || whole(contact.kind)}
            writable={writable}
            onEdit={() => setEditing(contact)}
            onReveal={() => setRevealing(contact)}
            copyText={t('common.copy')}
          />
        ))}
      </ul>
      {writable && (
        <Button type="link" size="small" className={styles.add} icon={<Icon name="plus" size={14} />} onClick={() => setEditing('new')}>
          {say('contact.add')}
        </Button>
      )}
      {editing !== null && <ContactForm customer={customer} contact={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />}
      {revealing !== null && (
        <RevealDialog<Static<typeof RevealedValue>>
          path={`/customers/${customer.id}/contact-points/${revealing.id}/reveal`}
          onClose={() => setRevealing(null)}
          onRevealed={({ value }) => onRevealed({ [revealing.id]: value })}
        />
      )}
    </>
  );

}

function Line({ contact, customer, value, isWhole, writable, onEdit, onReveal, copyText }: { contact: ContactPoint; customer: CustomerDetail; value: string | null; isWhole: boolean; writable: boolean; onEdit: () => void; onReveal: () => void; copyText: string }) {
  const { language } = useTexts();
  const { t: say } = useCustomerTexts();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const path = `/customers/${customer.id}/contact-points/${contact.id}`;
  const own = contact.customer.id === customer.id;
  const kindName = contactKinds[contact.kind][language === 'en' ? 'en' : 'zh'];
  const shown = value ?? say('contact.hidden');
  const href = linkOf(contact, value, isWhole);

  const change = useMutation({
    mutationFn: async (what: 'primary' | 'notPrimary' | 'remove' | { verify: string }): Promise<unknown> => {
      if (what === 'remove') return api.delete(path);
      if (typeof what === 'object') return api.post(`${path}/verify`, what.verify.trim() === '' ? {} : { note: what.verify.trim() });
      return api.patch(path, { preferred: what === 'primary' }, { ifMatch: `"${contact.version}"` });
    },
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => outdate(queryClient, 'customers'),
  });

  function verify(): void {
    let note = '';
    modal.confirm({
      icon: null,
      title: say('contact.verifyTitle'),
      content: <Input autoFocus maxLength={200} aria-label={say('contact.verifyTitle')} placeholder={say('contact.verifyPlaceholder')} onChange={(event) => (note = event.target.value)} />,
      okText: say('contact.verify'),
      onOk: () => change.mutateAsync({ verify: note }).catch(() => undefined),
    });
  }

  const items: NonNullable<MenuProps['items']> = [
    ...(contact.verifiedAt === null ? [{ key: 'verify', label: say('contact.verify') }] : []),
    { key: contact.preferred ? 'notPrimary' : 'primary', label: contact.preferred ? say('contact.notPrimary') : say('contact.makePrimary') },
    { key: 'edit', label: say('contact.edit') },
    { type: 'divider' as const },
    { key: 'remove', label: say('contact.remove'), danger: true },
  ];
  const deeds: Record<string, () => void> = {
    verify,
    primary: () => change.mutate('primary'),
    notPrimary: () => change.mutate('notPrimary'),
    edit: onEdit,
    remove: () => void modal.confirm({ title: say('contact.removeAsk'), content: <>{shown}<br />{say('contact.removeHint')}</>, okText: say('contact.remove'), okButtonProps: { danger: true }, onOk: () => change.mutateAsync('remove').catch(() => undefined) }),
  };

  return (
    <li className={styles.line}>
      <span className={styles.icon} title={kindName}>
        <Icon name={icons[contact.kind] ?? 'link'} size={14} />
        <span className="visually-hidden">{kindName}</span>
      </span>
      <div className={styles.words}>
        <span className={styles.value}>
          {href === null ? <bdi data-hidden={value === null || undefined}>{shown}</bdi> : <a href={href}><bdi>{shown}</bdi></a>}
          {isWhole && value !== null && <CopyButton text={value} label={copyText} />}
        </span>
        <span className={styles.marks}>
          {contact.preferred && <span className={styles.primary}>{say('contact.primary')}</span>}
          <Tooltip title={contact.verifiedAt === null ? undefined : say('contact.verifiedAt', { time: formatExact(contact.verifiedAt, language) })}>
            <span className={contact.verifiedAt === null ? styles.unverified : styles.verified}>
              {contact.verifiedAt !== null && <Icon name="check" size={12} />}
              {contact.verifiedAt === null ? say('contact.unverified') : say('contact.verified')}
            </span>
          </Tooltip>
          {contact.kind !== 'phone' && contact.kind !== 'email' && <span>{kindName}</span>}
          {contact.label !== null && <bdi>{contact.label}</bdi>}
          {!own && <span>{say('contact.of', { name: contact.customer.name })}</span>}
        </span>
      </div>
      {href !== null && (
        <Tooltip title={contact.kind === 'phone' ? say('contact.call') : say('contact.mail')}>
          <Button type="text" size="small" href={href} icon={<Icon name={contact.kind === 'phone' ? 'phone' : 'mail'} size={14} />} aria-label={contact.kind === 'phone' ? say('contact.call') : say('contact.mail')} />
        </Tooltip>
      )}
      {contact.kind === 'phone' && <DialButton whom={{ customerId: customer.id, contactPointId: contact.id }} name={shown} number={isWhole ? value : null} />}
      {!isWhole && customer.mayReveal && (
        <Tooltip title={say('reveal.one')}>
          <Button type="text" size="small" icon={<Icon name="eye" size={14} />} aria-label={`${say('reveal.one')} ${shown}`} onClick={onReveal} />
        </Tooltip>
      )}
      {writable && own && (
        <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => deeds[key]?.() }}>
          <Button type="text" size="small" icon={<Icon name="more" size={14} />} aria-label={say('contact.moreOf', { value: shown })} />
        </Dropdown>
      )}
    </li>
  );
}

type Values = { kind: ContactKind; value?: string; label?: string };

function ContactForm({ customer, contact, onClose }: { customer: CustomerDetail; contact: ContactPoint | undefined; onClose: () => void }) {
  const { t, language } = useTexts();
  const { t: say } = useCustomerTexts();
  const [kind, setKind] = useState<ContactKind>(contact?.kind ?? 'phone');
  const options = (Object.keys(contactKinds) as ContactKind[]).map((value) => ({ value, label: contactKinds[value][language === 'en' ? 'en' : 'zh'] }));
  const rules = [
    ...(contact === undefined ? [{ required: true, whitespace: true, message: t('common.required') }] : []),
    ...(kind === 'phone' ? [phoneRule] : kind === 'email' ? [{ type: 'email' as const, message: t('record.emailWrong') }] : []),
  ];
  return (
    <EditForm<Values>
      title={contact === undefined ? say('contact.add') : say('contact.edit')}
      path={contact === undefined ? `/customers/${customer.id}/contact-points` : `/customers/${customer.id}/contact-points/${contact.id}`}
      version={contact?.version}
      values={contact === undefined ? { kind: 'phone' } : { kind: contact.kind, label: contact.label ?? '' }}
      fields={[{ name: 'kind', label: say('contact.kind') }, { name: 'value', label: say('contact.value') }, { name: 'label', label: say('contact.label') }]}
      toBody={({ kind: chosen, value, label }) => ({
        ...(contact === undefined && chosen !== undefined ? { kind: chosen } : {}),
        ...(value?.trim() ? { value: value.trim() } : {}),
        ...(label === undefined ? {} : { label: label.trim() || null }),
      })}
      reload={async () => {
        const { data } = await api.get<CustomerDetail>(`/customers/${customer.id}`);
        const now = data.contactPoints.find((one) => one.id === contact?.id);
        return { version: now?.version ?? 0, values: { ...(now === undefined ? {} : { kind: now.kind, label: now.label ?? '' }) } };
      }}
      outdates={['customers']}
      onClose={onClose}
    >
      {contact === undefined && (
        <Form.Item name="kind" label={say('contact.kind')}>
          <Select options={options} onChange={(value: ContactKind) => setKind(value)} />
        </Form.Item>
      )}
      <Form.Item name="value" label={contactKinds[kind][language === 'en' ? 'en' : 'zh']} rules={rules} extra={contact === undefined ? undefined : <>{say('contact.keep', { masked: contact.value ?? '***' })} {say('contact.changeHint')}</>}>
        <Input autoFocus maxLength={254} autoComplete="off" inputMode={kind === 'phone' ? 'tel' : kind === 'email' ? 'email' : 'text'} />
      </Form.Item>
      <Form.Item name="label" label={say('contact.label')}>
        <Input maxLength={40} placeholder={say('contact.labelPlaceholder')} />
      </Form.Item>
    </EditForm>
  );
}
