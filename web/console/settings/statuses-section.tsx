import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Form, Input, Select } from 'antd';
import { useState } from 'react';
import type { TicketStatus } from '../../../contract/form.ts';
import { ticketStatuses, waitingReasons } from '../../../rules/ticket/lifecycle.ts';
import { StatusTag } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName, waitForTexts } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { ArchivedSwitch, usePatch } from './archivable.tsx';
import { Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';
import own from './statuses-section.module.css';

const statusColors = ['neutral', 'accent', 'success', 'warning', 'danger', 'violet', 'teal'] as const satisfies readonly TicketStatus['color'][];
type StatusClass = TicketStatus['class'];
const inUse = whole<TicketStatus>('ticket-statuses');
const all = whole<TicketStatus>('ticket-statuses?archived=true');

/** Statuses of one's own (自定义状态), below the fixed class each belongs to. */
export function StatusesSection() {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { may } = useSession();
  const writable = may('settings.write');
  const [archived, setArchived] = useState(false);
  const list = useQuery(archived ? all : inUse);
  const patch = usePatch('ticket-statuses');
  const [editing, setEditing] = useState<TicketStatus | { class: StatusClass } | null>(null);
  const known = editing !== null && 'id' in editing ? editing : null;

  return (
    <Section title={say('status.title')} hint={say('status.hint')} action={<ArchivedSwitch checked={archived} onChange={setArchived} />}>
      {ticketStatuses.map((status) => {
        const mine = (list.data ?? []).filter((one) => one.class === status);
        return (
          <section key={status} className={own.class} aria-label={words(`status.${status}`)}>
            <h3 className={styles.subtitle}>
              <StatusTag status={status} />
              {writable && <Button size="small" type="text" icon={<Icon name="plus" size={14} />} aria-label={`${say('status.new')} · ${words(`status.${status}`)}`} onClick={() => setEditing({ class: status })}>{say('status.new')}</Button>}
            </h3>
            <div className={styles.card}>
              {mine.length === 0 && <p className={`${styles.row} ${styles.muted}`}>{say('status.none')}</p>}
              {mine.map((one, index) => (
                <div key={one.id} className={styles.row}>
                  <span className={styles.main}><span className={own.dot} data-color={one.color} /> <span className={styles.name}>{localName(one, language)}</span>{one.waitingFor !== null && <span className={styles.muted}> {t(waitForTexts[one.waitingFor])}</span>}</span>
                  {!one.active && <Badge>{say('types.archived')}</Badge>}
                  {writable && (
                    <Dropdown
                      trigger={['click']}
                      menu={{
                        items: [
                          { key: 'edit', label: say('types.edit') },
                          { key: 'up', label: say('types.up'), disabled: index === 0 },
                          { key: 'down', label: say('types.down'), disabled: index === mine.length - 1 },
                          one.active ? { key: 'archive', label: say('types.archive'), danger: true } : { key: 'restore', label: say('types.restore') },
                        ],
                        onClick: ({ key }) => {
                          if (key === 'edit') setEditing(one);
                          else patch.mutate({ record: one, patch: key === 'up' ? { position: index - 1 } : key === 'down' ? { position: index + 1 } : { active: key === 'restore' } });
                        },
                      }}
                    >
                      <Button type="text" size="small" icon={<Icon name="more" />} aria-label={say('admin.actions', { name: localName(one, language) })} />
                    </Dropdown>
                  )}
                </div>
              ))}
            </div>
          </section>
        );
      })}
      {editing !== null && (
        <CreateForm<{ name: string; nameEn?: string; color: string; waitingFor?: string }>
          title={known === null ? `${say('status.new')} · ${words(`status.${editing.class}`)}` : localName(known, language)}
          path={known === null ? '/ticket-statuses' : `/ticket-statuses/${known.id}`}
          version={known?.version}
          outdates={['ticket-statuses', 'ticket-statuses?archived=true']}
          initialValues={known === null ? { color: 'neutral' } : { name: known.name, nameEn: known.nameEn ?? '', color: known.color, ...(known.waitingFor === null ? {} : { waitingFor: known.waitingFor }) }}
          toBody={({ name, nameEn, color, waitingFor }) => ({ ...(known === null ? { class: editing.class } : {}), name: name.trim(), ...(nameEn?.trim() ? { nameEn: nameEn.trim() } : known === null ? {} : { nameEn: null }), color, ...(waitingFor === undefined ? {} : { waitingFor }) })}
          fields={['name', 'nameEn', 'color', 'waitingFor']}
          onClose={() => setEditing(null)}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          <Form.Item name="color" label={say('status.color')}><Select options={statusColors.map((color) => ({ value: color, label: <span><span className={own.dot} data-color={color} /> {say(`color.${color}`)}</span> }))} /></Form.Item>
          {editing.class === 'waiting' && <Form.Item name="waitingFor" label={say('status.waitingFor')} rules={[{ required: true, message: t('common.required') }]}><Select options={waitingReasons.map((reason) => ({ value: reason, label: t(waitForTexts[reason]) }))} /></Form.Item>}
        </CreateForm>
      )}
    </Section>
  );
}
