import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import type { Macro } from '../../../contract/desk.ts';
import { whole } from '../data/records.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { ArchivedSwitch, usePatch } from './archivable.tsx';
import { MacroForm } from './macro-form.tsx';
import { MacroVersions } from './macro-versions.tsx';
import { Rows, Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';

const inUse = whole<Macro>('macros');
const archivedMacros = whole<Macro>('macros?archived=true');

/** Macros (宏): several steps taken at once. */
export function MacrosSection() {
  const { t: say } = useSettingsTexts();
  const [archived, setArchived] = useState(false);
  const list = useQuery(archived ? archivedMacros : inUse);
  const [editing, setEditing] = useState<Macro | 'new' | null>(null);
  const [history, setHistory] = useState<Macro | null>(null);
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
                  <span className={styles.name}>{macro.name}</span> <span className={styles.muted}>{say('macros.stepCount', { count: macro.steps.length })}{macro.condition !== null && <> · {say('macros.conditional')}</>}</span>
                  {macro.description !== null && <span className={styles.muted} style={{ display: 'block' }}>{macro.description}</span>}
                </span>
                <span className={styles.end}>
                  <span className={styles.muted}>{say('replies.used', { count: macro.useCount })}</span>
                  <Badge tone={macro.kind === 'shared' ? 'accent' : 'neutral'}>{macro.kind === 'team' && macro.team !== null ? macro.team.name : say(`share.${macro.kind}`)}</Badge>
                  {macro.editable && (
                    <Dropdown trigger={['click']} menu={{ items: [{ key: 'edit', label: say('types.edit') }, { key: 'history', label: say('macros.history') }, macro.active ? { key: 'archive', label: say('types.archive'), danger: true } : { key: 'restore', label: say('types.restore') }], onClick: ({ key }) => (key === 'edit' ? setEditing(macro) : key === 'history' ? setHistory(macro) : patch.mutate({ record: macro, patch: { active: key === 'restore' } })) }}>
                      <Button type="text" size="small" icon={<Icon name="more" />} aria-label={say('admin.actions', { name: macro.name })} />
                    </Dropdown>
                  )}
                </span>
              </div>
            ))}
          </div>
        )}
      </Rows>
      {editing !== null && <MacroForm macro={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {history !== null && <MacroVersions macro={history} onClose={() => setHistory(null)} />}
    </Section>
  );
}
