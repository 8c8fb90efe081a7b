import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import type { TicketTemplate } from '../../../contract/form.ts';
import { PriorityMark } from '../../ui/react/index.ts';
import { whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { useOverlays } from '../shell/overlay-context.ts';
import { ArchivedSwitch, usePatch } from './archivable.tsx';
import { Rows, Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import { TemplateForm } from './template-form.tsx';
import { TemplatePreview } from './template-preview.tsx';
import styles from './section.module.css';

const inUse = whole<TicketTemplate>('ticket-templates');
const all = whole<TicketTemplate>('ticket-templates?archived=true');

/** What new tickets can start from (工单模板). */
export function TemplatesSection() {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { may } = useSession();
  const overlays = useOverlays();
  const writable = may('settings.write');
  const [archived, setArchived] = useState(false);
  const list = useQuery(archived ? all : inUse);
  const [editing, setEditing] = useState<TicketTemplate | 'new' | null>(null);
  const [seen, setSeen] = useState<TicketTemplate | null>(null);
  const patch = usePatch('ticket-templates');
  const begin = (template: TicketTemplate) => (): void => overlays.open({ kind: 'newTicket', template: template.id });
  return (
    <Section
      title={say('templates.title')}
      hint={say('templates.hint')}
      action={
        <span className={styles.end}>
          <ArchivedSwitch checked={archived} onChange={setArchived} />
          {writable && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{say('templates.new')}</Button>}
        </span>
      }
    >
      <Rows query={list} empty={say('templates.none')}>
        {(items) => (
          <div className={styles.card}>
            {items.map((template, index) => (
              <div key={template.id} className={styles.row}>
                <span className={styles.main}>
                  <span className={styles.name}>{localName(template, language)}</span>
                  {template.priority !== null && <PriorityMark priority={template.priority} />}
                  <span className={styles.muted} style={{ display: 'block' }}>
                    {[template.subject, template.category?.path.join(' / '), template.team?.name].filter((one) => one != null && one !== '').join(' · ')}
                  </span>
                </span>
                <span className={styles.end}>
                  <Badge tone="accent">{template.type.name}</Badge>
                  {!template.active && <Badge>{say('types.archived')}</Badge>}
                  <Button size="small" onClick={() => setSeen(template)}>{say('templates.preview')}</Button>
                  {writable && (
                    <Dropdown
                      trigger={['click']}
                      menu={{
                        items: [
                          { key: 'edit', label: say('types.edit') },
                          ...(template.active && may('ticket.create') ? [{ key: 'use', label: t('nav.newTicket') }] : []),
                          { key: 'up', label: say('types.up'), disabled: index === 0 },
                          { key: 'down', label: say('types.down'), disabled: index === items.length - 1 },
                          template.active ? { key: 'archive', label: say('types.archive'), danger: true } : { key: 'restore', label: say('types.restore') },
                        ],
                        onClick: ({ key }) => {
                          if (key === 'edit') setEditing(template);
                          else if (key === 'use') begin(template)();
                          else patch.mutate({ record: template, patch: key === 'up' ? { position: index - 1 } : key === 'down' ? { position: index + 1 } : { active: key === 'restore' } });
                        },
                      }}
                    >
                      <Button type="text" size="small" icon={<Icon name="more" />} aria-label={say('admin.actions', { name: localName(template, language) })} />
                    </Dropdown>
                  )}
                </span>
              </div>
            ))}
          </div>
        )}
      </Rows>
      {editing !== null && <TemplateForm template={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {seen !== null && <TemplatePreview template={seen} onClose={() => setSeen(null)} onUse={seen.active && may('ticket.create') ? begin(seen) : null} />}
    </Section>
  );
}
