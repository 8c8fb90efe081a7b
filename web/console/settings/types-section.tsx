import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Dropdown, Form, Input, Select, Switch } from 'antd';
import { useState } from 'react';
import type { TicketType, TicketTypeSummary } from '../../../contract/form.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ticketTypes, whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { Rows, Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';

const archivedTypes = whole<TicketTypeSummary>('ticket-types?archived=true');

/** Ticket types (工单类型): what kinds of requests there are, and what each asks for. */
export function TypesSection() {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const writable = may('settings.write');
  const [archived, setArchived] = useState(false);
  const list = useQuery(archived ? archivedTypes : ticketTypes);
  const [editing, setEditing] = useState<TicketTypeSummary | 'new' | null>(null);
  const change = useMutation({
    mutationFn: ({ type, patch }: { type: TicketTypeSummary; patch: object }) => api.patch(`/ticket-types/${type.id}`, patch, { ifMatch: `"${type.version}"` }),
    onSuccess: () => void message.success(t('common.saved')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['ticket-types'] });
      void queryClient.invalidateQueries({ queryKey: archivedTypes.queryKey });
    },
  });
  const types = list.data ?? [];

  return (
    <Section
      title={t('settings.types')}
      hint={t('settings.typesHint')}
      action={
        <span className={styles.end}>
          <label className={styles.end}><Switch size="small" checked={archived} onChange={setArchived} /> <span className={styles.muted}>{say('types.showArchived')}</span></label>
          {writable && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{say('types.new')}</Button>}
        </span>
      }
    >
      <Rows query={list}>
        {(items) => (
          <div className={styles.card}>
            {items.map((type, index) => (
              <div key={type.id} className={styles.row}>
                <span className={styles.main}>
                  {writable ? <Link className={styles.name} to="/settings/types/$typeId" params={{ typeId: type.id }}>{localName(type, language)}</Link> : <span className={styles.name}>{localName(type, language)}</span>}{' '}
                  <span className={styles.muted}>{type.key} · {t('settings.fieldCount', { count: Object.keys(type.fields).length })} · {say('types.version', { version: type.formVersion })}</span>
                  {type.description !== null && <span className={styles.muted} style={{ display: 'block' }}>{type.description}</span>}
                </span>
                <span className={styles.end}>
                  {type.isDefault && <Badge tone="accent">{t('settings.default')}</Badge>}
                  {type.offered && <Badge>{say('types.offeredBadge')}</Badge>}
                  {type.hasDraft && <Badge tone="warning">{say('types.draftBadge')}</Badge>}
                  {!type.active && <Badge>{say('types.archived')}</Badge>}
                  {writable && (
                    <>
                      <Button size="small" onClick={() => void navigate({ to: '/settings/types/$typeId', params: { typeId: type.id } })}>{say('types.design')}</Button>
                      <Dropdown
                        trigger={['click']}
                        menu={{
                          items: [
                            { key: 'edit', label: say('types.edit') },
                            { key: 'up', label: say('types.up'), disabled: index === 0 || archived },
                            { key: 'down', label: say('types.down'), disabled: index === items.length - 1 || archived },
                            ...(type.isDefault || !type.active ? [] : [{ key: 'default', label: say('types.makeDefault') }]),
                            type.active ? { key: 'archive', label: say('types.archive'), danger: true, disabled: type.isDefault } : { key: 'restore', label: say('types.restore') },
                          ],
                          onClick: ({ key }) => {
                            if (key === 'edit') setEditing(type);
                            else if (key === 'up') change.mutate({ type, patch: { position: index - 1 } });
                            else if (key === 'down') change.mutate({ type, patch: { position: index + 1 } });
                            else if (key === 'default') change.mutate({ type, patch: { isDefault: true } });
                            else change.mutate({ type, patch: { active: key === 'restore' } });
                          },
                        }}
                      >
                        <Button type="text" size="small" icon={<Icon name="more" />} aria-label={`${t('common.more')} ${localName(type, language)}`} />
                      </Dropdown>
                    </>
                  )}
                </span>
              </div>
            ))}
          </div>
        )}
      </Rows>
      {editing !== null && (
        <CreateForm<{ name: string; nameEn?: string; key?: string; description?: string; copyFrom?: string; offered?: boolean }, TicketType>
          title={editing === 'new' ? say('types.new') : say('types.edit')}
          path={editing === 'new' ? '/ticket-types' : `/ticket-types/${editing.id}`}
          version={editing === 'new' ? undefined : editing.version}
          outdates={['ticket-types', 'ticket-types?archived=true']}
          initialValues={editing === 'new' ? { offered: true } : { name: editing.name, nameEn: editing.nameEn ?? '', description: editing.description ?? '', offered: editing.offered }}
          toBody={({ name, nameEn, key, description, copyFrom, offered }) => ({
            name: name.trim(), offered: offered === true,
            ...(editing === 'new'
              ? { key: key?.trim(), ...(nameEn?.trim() ? { nameEn: nameEn.trim() } : {}), ...(description?.trim() ? { description: description.trim() } : {}), ...(copyFrom === undefined ? {} : { copyFrom }) }
              : { nameEn: nameEn?.trim() || null, description: description?.trim() || null }),
          })}
          fields={['name', 'nameEn', 'key', 'description', 'copyFrom']}
          onClose={() => setEditing(null)}
          onDone={(type) => {
            if (editing === 'new') void navigate({ to: '/settings/types/$typeId', params: { typeId: type.id } });
          }}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          {editing === 'new' && <Form.Item name="key" label={say('types.key')} extra={say('types.keyHint')} rules={[{ required: true, message: t('common.required') }, { pattern: /^[a-z][a-z0-9_]{0,62}$/, message: say('types.keyWrong') }]}><Input maxLength={63} spellCheck={false} /></Form.Item>}
          <Form.Item name="description" label={say('types.description')}><Input.TextArea maxLength={1_000} autoSize={{ minRows: 2, maxRows: 6 }} /></Form.Item>
          {editing === 'new' && types.length > 0 && <Form.Item name="copyFrom" label={say('types.copyFrom')}><Select allowClear options={types.map((type) => ({ value: type.id, label: localName(type, language) }))} /></Form.Item>}
          <Form.Item name="offered" label={say('types.offered')} valuePropName="checked"><Switch /></Form.Item>
        </CreateForm>
      )}
    </Section>
  );
}
