import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Form, Input } from 'antd';
import { useState } from 'react';
import type { CustomerTier } from '../../../contract/customer.ts';
import { api, asProblem } from '../../ui/api.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { Rows, Section } from '../settings/section.tsx';
import { outdate, tiers } from './data.ts';
import { EditForm } from './edit-form.tsx';
import { useCustomerTexts } from './texts.ts';
import styles from '../settings/section.module.css';

type Values = { key?: string; name?: string; nameEn?: string };

/** Customer tiers (客户等级): what they are called, and in which order they stand. */
export function TiersSection() {
  const { t, language } = useTexts();
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const list = useQuery(tiers);
  const [editing, setEditing] = useState<CustomerTier | 'new' | null>(null);
  const mayWrite = may('settings.write');

  const change = useMutation({
    mutationFn: async (changes: { tier: CustomerTier; patch: object }[]) => {
      for (const { tier, patch } of changes) await api.patch(`/customer-tiers/${tier.id}`, patch, { ifMatch: `"${tier.version}"` });
    },
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => outdate(queryClient, 'customer-tiers'),
  });
  function move(items: readonly CustomerTier[], from: number, by: 1 | -1): void {
    const ordered = [...items];
    const [moved] = ordered.splice(from, 1);
    if (moved === undefined) return;
    ordered.splice(from + by, 0, moved);
    // Only those whose place changes are written.
    change.mutate(ordered.flatMap((tier, position) => (tier.position === position ? [] : [{ tier, patch: { position } }])));
  }

  return (
    <Section title={say('tiers.title')} hint={say('tiers.hint')} action={mayWrite && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{say('tiers.new')}</Button>}>
      <Rows query={list}>
        {(items) => (
          <div className={styles.card}>
            {items.map((tier, index) => {
              const name = localName(tier, language);
              return (
                <div key={tier.id} className={styles.row}>
                  <span className={styles.main}>
                    <span className={styles.name}><bdi>{name}</bdi></span>
                    <span className={styles.muted}><code>{tier.key}</code></span>
                  </span>
                  <span className={styles.end}>
                    {tier.important && <Badge tone="accent">{say('tiers.important')}</Badge>}
                    {!tier.active && <Badge>{say('tiers.retired')}</Badge>}
                    {mayWrite && (
                      <>
                        <Button type="text" size="small" icon={<Icon name="chevronUp" size={14} />} disabled={index === 0 || change.isPending} aria-label={say('tiers.up', { name })} onClick={() => move(items, index, -1)} />
                        <Button type="text" size="small" icon={<Icon name="chevronDown" size={14} />} disabled={index === items.length - 1 || change.isPending} aria-label={say('tiers.down', { name })} onClick={() => move(items, index, 1)} />
                        <Dropdown
                          trigger={['click']}
                          menu={{
                            items: [{ key: 'edit', label: say('page.edit') }, { key: 'important', label: say(tier.important ? 'tiers.unmarkImportant' : 'tiers.markImportant') }, tier.active ? { key: 'retire', label: say('tiers.retire'), danger: true } : { key: 'bringBack', label: say('tiers.bringBack') }],
                            onClick: ({ key }) => (key === 'edit' ? setEditing(tier) : change.mutate([{ tier, patch: key === 'important' ? { important: !tier.important } : { active: key === 'bringBack' } }])),
                          }}
                        >
                          <Button type="text" size="small" icon={<Icon name="more" size={14} />} aria-label={say('tiers.actionsOf', { name })} />
                        </Dropdown>
                      </>
                    )}
                  </span>
                </div>
              );
            })}
          </div>
        )}
      </Rows>
      {editing !== null && (
        <EditForm<Values>
          title={editing === 'new' ? say('tiers.new') : localName(editing, language)}
          path={editing === 'new' ? '/customer-tiers' : `/customer-tiers/${editing.id}`}
          version={editing === 'new' ? undefined : editing.version}
          values={editing === 'new' ? {} : { name: editing.name, nameEn: editing.nameEn ?? '' }}
          fields={[{ name: 'key', label: say('tiers.key') }, { name: 'name', label: say('tiers.name') }, { name: 'nameEn', label: say('tiers.nameEn') }]}
          toBody={({ key, name, nameEn }) => ({ ...(key === undefined ? {} : { key: key.trim(), position: list.data?.length ?? 0 }), ...(name === undefined ? {} : { name: name.trim() }), ...(nameEn === undefined ? {} : { nameEn: nameEn.trim() || null }) })}
          reload={async () => {
            const { data } = await api.get<{ items: CustomerTier[] }>('/customer-tiers', { query: { limit: 200 } });
            const now = data.items.find((one) => editing !== 'new' && one.id === editing.id);
            return { version: now?.version ?? 0, values: now === undefined ? {} : { name: now.name, nameEn: now.nameEn ?? '' } };
          }}
          outdates={['customer-tiers']}
          onClose={() => setEditing(null)}
        >
          <Form.Item name="name" label={say('tiers.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={say('tiers.nameEn')}><Input maxLength={100} /></Form.Item>
          {editing === 'new' && <Form.Item name="key" label={say('tiers.key')} extra={say('tiers.keyHint')} rules={[{ required: true, whitespace: true, message: t('common.required') }, { pattern: /^\s*\S+\s*$/, message: say('tiers.keyWrong') }]}><Input maxLength={40} /></Form.Item>}
        </EditForm>
      )}
    </Section>
  );
}
