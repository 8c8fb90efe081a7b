import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import type { Department } from '../../../contract/organization.ts';
import { departments, teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { Rows, Section } from './section.tsx';
import styles from './section.module.css';

/** The department tree in reading order, each with its depth. */
function inTree(all: readonly Department[], parentId: string | null = null, depth = 0): { department: Department; depth: number }[] {
  return all.filter((one) => one.parentId === parentId).flatMap((department) => [{ department, depth }, ...inTree(all, department.id, depth + 1)]);
}

/** Departments and teams (部门与班组). */
export function OrganizationSection() {
  const { t, language } = useTexts();
  const { me, may } = useSession();
  const departmentList = useQuery(departments);
  const teamList = useQuery(teams);
  const [creating, setCreating] = useState<'department' | 'team' | null>(null);
  const writable = may('organization.write');
  const required = [{ required: true, whitespace: true, message: t('common.required') }];
  const departmentOptions = inTree(departmentList.data ?? []).map(({ department, depth }) => ({ value: department.id, label: `${'　'.repeat(depth)}${localName(department, language)}` }));

  return (
    <Section title={t('settings.organization')} hint={t('settings.organizationHint', { name: me.organization.name })}>
      <h3 className={styles.subtitle}>
        {t('settings.departments')}
        {writable && <Button icon={<Icon name="plus" />} onClick={() => setCreating('department')}>{t('settings.newDepartment')}</Button>}
      </h3>
      <Rows query={departmentList}>
        {(items) => (
          <div className={styles.card}>
            {inTree(items).map(({ department, depth }) => (
              <div key={department.id} className={styles.row}>
                <span className={styles.main} style={{ paddingLeft: depth * 24 }}>
                  <span className={styles.name}>{localName(department, language)}</span>
                </span>
                <TeamCount count={teamList.data?.filter((team) => team.department?.id === department.id).length ?? 0} />
              </div>
            ))}
          </div>
        )}
      </Rows>
      <h3 className={styles.subtitle}>
        {t('settings.teams')}
        {writable && <Button icon={<Icon name="plus" />} onClick={() => setCreating('team')}>{t('settings.newTeam')}</Button>}
      </h3>
      <Rows query={teamList}>
        {(items) => (
          <div className={styles.card}>
            {items.map((team) => (
              <div key={team.id} className={styles.row}>
                <span className={styles.main}>
                  <span className={styles.name}>{localName(team, language)}</span>
                  <span className={styles.muted}> {team.department?.name}</span>
                </span>
                <span className={styles.muted}>{t('settings.memberCount', { count: team.memberCount })}</span>
              </div>
            ))}
          </div>
        )}
      </Rows>
      {creating === 'department' && (
        <CreateForm title={t('settings.newDepartment')} path="/departments" outdates={['departments']} labels={{ name: t('record.name') }} onClose={() => setCreating(null)}>
          <Form.Item name="name" label={t('record.name')} rules={required}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          <Form.Item name="parentId" label={t('settings.parentDepartment')}><Select allowClear options={departmentOptions} /></Form.Item>
        </CreateForm>
      )}
      {creating === 'team' && (
        <CreateForm title={t('settings.newTeam')} path="/teams" outdates={['teams']} labels={{ name: t('record.name'), departmentId: t('staff.department') }} onClose={() => setCreating(null)}>
          <Form.Item name="name" label={t('record.name')} rules={required}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          <Form.Item name="departmentId" label={t('staff.department')} rules={[{ required: true, message: t('common.required') }]}><Select options={departmentOptions} /></Form.Item>
        </CreateForm>
      )}
    </Section>
  );
}

function TeamCount({ count }: { count: number }) {
  const { t } = useTexts();
  return count === 0 ? null : <span className={styles.muted}>{t('settings.teamCount', { count })}</span>;
}
