import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Form, Input } from 'antd';
import { useState } from 'react';
import type { Macro } from '../../../contract/desk.ts';
import { whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { ArchivedSwitch, usePatch } from './archivable.tsx';
import { MacroSteps } from './macro-steps.tsx';
import { Rows, Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import { SharingFields, type Sharing } from './sharing-fields.tsx';
import styles from './section.module.css';

const inUse = whole<Macro>('macros');
const archivedMacros = whole<Macro>('macros?archived=true');
type Values = Sharing & { name: string; description?: string; steps: Macro['steps'] };

/** Macros (宏): several steps taken at once. */
export function MacrosSection() {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  const [archived, setArchived] = useState(false);
  const list = useQuery(archived ? archivedMacros : inUse);
  const [editing, setEditing] = useState<Macro | 'new' | null>(null);
  const patch = usePatch('macros');
  return (
    <Section
      title={say('macros.title')}
      hint={say('macros.hint')}
      action={
        <span className={styles.end}>
          <ArchivedSwitch checked={archived} onChange={setArchived} />
          <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{say('macros.new')}</Button>
        </span>
      }
    >
      <Rows query={list}>
        {(items) => (
          <div className={styles.card}>
            {items.map((macro) => (
              <div key={macro.id} className={styles.row}>
                <span className={styles.main}>
                  <span className={styles.name}>{macro.name}</span> <span className={styles.muted}>{say('macros.stepCount', { count: macro.steps.length })}</span>
                  {macro.description !== null && <span className={styles.muted} style={{ display: 'block' }}>{macro.description}</span>}
                </span>
                <span className={styles.end}>
                  <span className={styles.muted}>{say('replies.used', { count: macro.useCount })}</span>
                  <Badge tone={macro.kind === 'shared' ? 'accent' : 'neutral'}>{macro.kind === 'team' && macro.team !== null ? macro.team.name : say(`share.${macro.kind}`)}</Badge>
                  {macro.editable && (
                    <Dropdown trigger={['click']} menu={{ items: [{ key: 'edit', label: say('types.edit') }, macro.active ? { key: 'archive', label: say('types.archive'), danger: true } : { key: 'restore', label: say('types.restore') }], onClick: ({ key }) => (key === 'edit' ? setEditing(macro) : patch.mutate({ record: macro, patch: { active: key === 'restore' } })) }}>
                      <Button type="text" size="small" icon={<Icon name="more" />} aria-label={say('admin.actions', { name: macro.name })} />
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
          title={editing === 'new' ? say('macros.new') : editing.name}
          path={editing === 'new' ? '/macros' : `/macros/${editing.id}`}
          version={editing === 'new' ? undefined : editing.version}
          outdates={['macros', 'macros?archived=true']}
          initialValues={editing === 'new' ? { kind: 'personal', steps: [] } : { kind: editing.kind, name: editing.name, description: editing.description ?? '', steps: editing.steps, ...(editing.team === null ? {} : { teamId: editing.team.id }) }}
          toBody={(values) => ({ kind: values.kind, name: values.name.trim(), description: values.description?.trim() || null, steps: values.steps, ...(values.kind === 'team' && values.teamId !== undefined ? { teamId: values.teamId } : {}) })}
          fields={['kind', 'teamId', 'name', 'description', 'steps']}
          onClose={() => setEditing(null)}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="description" label={say('types.description')}><Input maxLength={500} /></Form.Item>
          <Form.Item name="steps" label={say('macros.steps')} rules={[{ validator: (_rule, steps: unknown[]) => (steps.length > 0 ? Promise.resolve() : Promise.reject(new Error(t('common.required')))) }]}><MacroSteps /></Form.Item>
          <SharingFields />
        </CreateForm>
      )}
    </Section>
  );
}
