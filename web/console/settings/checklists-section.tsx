import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Form, Input, Select, Switch } from 'antd';
import { useState } from 'react';
import type { ChecklistTemplate } from '../../../contract/collaboration.ts';
import { ticketTypes, whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { ArchivedSwitch, usePatch } from './archivable.tsx';
import { Rows, Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';

const inUse = whole<ChecklistTemplate>('checklist-templates?active=true');
const archivedTemplates = whole<ChecklistTemplate>('checklist-templates?active=false');
type Values = { name: string; nameEn?: string; items: string; ticketTypeIds?: string[]; requiredBeforeResolve?: boolean };
const lines = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** Checklists kept for use on many tickets (检查清单模板). */
export function ChecklistsSection() {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { may } = useSession();
  const writable = may('settings.write');
  const [archived, setArchived] = useState(false);
  const list = useQuery(archived ? archivedTemplates : inUse);
  const types = useQuery(ticketTypes);
  const [editing, setEditing] = useState<ChecklistTemplate | 'new' | null>(null);
  const patch = usePatch('checklist-templates');
  return (
    <Section
      title={say('checklists.title')}
      hint={say('checklists.hint')}
      action={
        <span className={styles.end}>
          <ArchivedSwitch checked={archived} onChange={setArchived} />
          {writable && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{say('checklists.new')}</Button>}
        </span>
      }
    >
      <Rows query={list}>
        {(items) => (
          <div className={styles.card}>
            {items.map((template) => (
              <div key={template.id} className={styles.row}>
                <span className={styles.main}>
                  <span className={styles.name}>{localName(template, language)}</span> <span className={styles.muted}>{say('checklists.itemCount', { count: template.items.length })}</span>
                  <span className={styles.muted} style={{ display: 'block' }}>{template.items.slice(0, 4).join(t('common.listSeparator'))}{template.items.length > 4 ? '…' : ''}</span>
                </span>
                <span className={styles.end}>
                  {template.ticketTypes.map((type) => <Badge key={type.id} tone="accent">{type.name}</Badge>)}
                  {template.requiredBeforeResolve && <Badge tone="warning">{say('checklists.required')}</Badge>}
                  {writable && (
                    <Dropdown trigger={['click']} menu={{ items: [{ key: 'edit', label: say('types.edit') }, template.active ? { key: 'archive', label: say('types.archive'), danger: true } : { key: 'restore', label: say('types.restore') }], onClick: ({ key }) => (key === 'edit' ? setEditing(template) : patch.mutate({ record: template, patch: { active: key === 'restore' } })) }}>
                      <Button type="text" size="small" icon={<Icon name="more" />} aria-label={say('admin.actions', { name: localName(template, language) })} />
                    </Dropdown>
                  )}
                </span>
              </div>
            ))}
          </div>
        )}
      </Rows>
      {editing !== null && (
        <CreateForm<Values>
          title={editing === 'new' ? say('checklists.new') : localName(editing, language)}
          path={editing === 'new' ? '/checklist-templates' : `/checklist-templates/${editing.id}`}
          version={editing === 'new' ? undefined : editing.version}
          outdates={['checklist-templates?active=true', 'checklist-templates?active=false', 'checklist-templates']}
          initialValues={editing === 'new' ? {} : { name: editing.name, nameEn: editing.nameEn ?? '', items: editing.items.join('\n'), ticketTypeIds: editing.ticketTypes.map(({ id }) => id), requiredBeforeResolve: editing.requiredBeforeResolve }}
          toBody={({ name, nameEn, items, ticketTypeIds, requiredBeforeResolve }) => ({ name: name.trim(), items: lines(items), ticketTypeIds: ticketTypeIds ?? [], requiredBeforeResolve: requiredBeforeResolve === true, ...(nameEn?.trim() ? { nameEn: nameEn.trim() } : editing === 'new' ? {} : { nameEn: null }) })}
          fields={['name', 'nameEn', 'items', 'ticketTypeIds']}
          onClose={() => setEditing(null)}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          <Form.Item name="items" label={say('checklists.items')} extra={say('macros.itemsHint')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input.TextArea autoSize={{ minRows: 5, maxRows: 16 }} /></Form.Item>
          <Form.Item name="ticketTypeIds" label={say('checklists.types')}><Select mode="multiple" options={(types.data ?? []).map((type) => ({ value: type.id, label: localName(type, language) }))} /></Form.Item>
          <Form.Item name="requiredBeforeResolve" label={say('checklists.required')} valuePropName="checked"><Switch /></Form.Item>
        </CreateForm>
      )}
    </Section>
  );
}
