import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Form, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Department, Team } from '../../../contract/organization.ts';
import { departments, teams, whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { ArchivedSwitch, usePatch } from './archivable.tsx';
import { Rows, Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import { TeamDrawer } from './team-drawer.tsx';
import styles from './section.module.css';
import own from './organization-section.module.css';

const allDepartments = whole<Department>('departments?archived=true');
const allTeams = whole<Team>('teams?archived=true');

type Editing =
  | { kind: 'department'; department: Department | null; parentId: string | null }
  | { kind: 'team'; departmentId: string }
  | { kind: 'archive'; department: Department };

/** The department tree in reading order, each with its depth. */
function inTree(all: readonly Department[], parentId: string | null = null, depth = 0): { department: Department; depth: number }[] {
  return all.filter((one) => one.parentId === parentId).flatMap((department) => [{ department, depth }, ...inTree(all, department.id, depth + 1)]);
}

/** The organization as a tree (组织架构): departments with their teams, and the teams' people. */
export function OrganizationSection() {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { me, may } = useSession();
  const writable = may('organization.write');
  const [archived, setArchived] = useState(false);
  const departmentList = useQuery(archived ? allDepartments : departments);
  const teamList = useQuery(archived ? allTeams : teams);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [team, setTeam] = useState<string | null>(null);
  const patch = usePatch('departments');
  const items = departmentList.data ?? [];
  const required = [{ required: true, whitespace: true, message: t('common.required') }];
  const within = (id: string): Set<string> => new Set([id, ...inTree(items, id).map(({ department }) => department.id)]);
  const options = (without: ReadonlySet<string> = new Set()) =>
    inTree(items).filter(({ department }) => department.active && !without.has(department.id)).map(({ department, depth }) => ({ value: department.id, label: `${'　'.repeat(depth)}${localName(department, language)}` }));

  function branch(parentId: string | null, depth: number): ReactNode {
    const siblings = items.filter((one) => one.parentId === parentId);
    return siblings.map((department, index) => {
      const name = localName(department, language);
      return (
        <li key={department.id}>
          <div className={own.department} style={{ paddingLeft: 16 + depth * 28 }}>
            <Icon name="building" size={15} />
            <span className={styles.name}>{name}</span>
            {!department.active && <Badge>{say('types.archived')}</Badge>}
            {writable && (
              <span className={own.end}>
                <Button type="text" size="small" icon={<Icon name="plus" size={14} />} onClick={() => setEditing({ kind: 'team', departmentId: department.id })}>{say('organization.newTeamIn')}</Button>
                <Dropdown
                  trigger={['click']}
                  menu={{
                    items: [
                      { key: 'edit', label: say('organization.edit') },
                      { key: 'below', label: say('organization.newBelow') },
                      { key: 'up', label: say('types.up'), disabled: index === 0 },
                      { key: 'down', label: say('types.down'), disabled: index === siblings.length - 1 },
                      department.active ? { key: 'archive', label: say('types.archive'), danger: true } : { key: 'restore', label: say('types.restore') },
                    ],
                    onClick: ({ key }) => {
                      if (key === 'edit') setEditing({ kind: 'department', department, parentId: department.parentId });
                      else if (key === 'below') setEditing({ kind: 'department', department: null, parentId: department.id });
                      else if (key === 'archive') setEditing({ kind: 'archive', department });
                      else patch.mutate({ record: department, patch: key === 'restore' ? { active: true } : { position: key === 'up' ? index - 1 : index + 1 } });
                    },
                  }}
                >
                  <Button type="text" size="small" icon={<Icon name="more" size={14} />} aria-label={say('admin.actions', { name })} />
                </Dropdown>
              </span>
            )}
          </div>
          <ul>
            {(teamList.data ?? []).filter((one) => one.department?.id === department.id).map((one) => (
              <li key={one.id}>
                <button type="button" className={own.team} style={{ paddingLeft: 16 + (depth + 1) * 28 }} onClick={() => setTeam(one.id)}>
                  <Icon name="team" size={15} />
                  <span>{localName(one, language)}</span>
                  {one.lead !== null && <span className={styles.muted}>{say('organization.lead')} {one.lead.name}</span>}
                  {!one.active && <Badge>{say('types.archived')}</Badge>}
                  <span className={`${own.end} ${styles.muted}`}>{t('settings.memberCount', { count: one.memberCount })}</span>
                </button>
              </li>
            ))}
            {branch(department.id, depth + 1)}
          </ul>
        </li>
      );
    });
  }

  const known = editing?.kind === 'department' ? editing.department : null;
  return (
    <Section
      title={t('settings.organization')}
      hint={t('settings.organizationHint', { name: me.organization.name })}
      action={
        <span className={styles.end}>
          <ArchivedSwitch checked={archived} onChange={setArchived} />
          {writable && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing({ kind: 'department', department: null, parentId: null })}>{t('settings.newDepartment')}</Button>}
        </span>
      }
    >
      <Rows query={departmentList}>{() => <ul className={`${styles.card} ${own.tree}`}>{branch(null, 0)}</ul>}</Rows>
      {editing?.kind === 'department' && (
        <CreateForm<{ name: string; nameEn?: string; parentId?: string }>
          title={known === null ? t('settings.newDepartment') : localName(known, language)}
          path={known === null ? '/departments' : `/departments/${known.id}`}
          version={known?.version}
          outdates={['departments', 'departments?archived=true']}
          initialValues={known === null ? (editing.parentId === null ? {} : { parentId: editing.parentId }) : { name: known.name, nameEn: known.nameEn ?? '', ...(known.parentId === null ? {} : { parentId: known.parentId }) }}
          toBody={({ name, nameEn, parentId }) => known === null
            ? { name: name.trim(), ...(nameEn?.trim() ? { nameEn: nameEn.trim() } : {}), ...(parentId === undefined ? {} : { parentId }) }
            : { name: name.trim(), nameEn: nameEn?.trim() || null, ...((parentId ?? null) === known.parentId ? {} : { parentId: parentId ?? null }) }}
          fields={['name', 'nameEn', 'parentId']}
          onClose={() => setEditing(null)}
        >
          <Form.Item name="name" label={t('record.name')} rules={required}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          <Form.Item name="parentId" label={say('organization.under')}><Select allowClear options={options(known === null ? undefined : within(known.id))} /></Form.Item>
        </CreateForm>
      )}
      {editing?.kind === 'archive' && (
        <CreateForm<{ moveTo?: string }>
          title={`${say('organization.archiveDepartment')} · ${localName(editing.department, language)}`}
          path={`/departments/${editing.department.id}`}
          version={editing.department.version}
          outdates={['departments', 'departments?archived=true', 'teams', 'teams?archived=true', 'staff']}
          toBody={({ moveTo }) => ({ active: false, ...(moveTo === undefined ? {} : { moveTo }) })}
          fields={['moveTo']}
          onClose={() => setEditing(null)}
        >
          <Form.Item name="moveTo" label={say('organization.moveTo')}><Select allowClear options={options(within(editing.department.id))} /></Form.Item>
        </CreateForm>
      )}
      {editing?.kind === 'team' && (
        <CreateForm title={t('settings.newTeam')} path="/teams" outdates={['teams', 'teams?archived=true']} initialValues={{ departmentId: editing.departmentId }} fields={['name', 'nameEn', 'departmentId']} onClose={() => setEditing(null)}>
          <Form.Item name="name" label={t('record.name')} rules={required}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          <Form.Item name="departmentId" label={t('staff.department')} rules={[{ required: true, message: t('common.required') }]}><Select options={options()} /></Form.Item>
        </CreateForm>
      )}
      {team !== null && <TeamDrawer id={team} departments={options()} onClose={() => setTeam(null)} />}
    </Section>
  );
}
