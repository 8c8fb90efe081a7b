import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Form, Input } from 'antd';
import { useState } from 'react';
import type { SkillDefinition } from '../../../contract/organization.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { ArchivedSwitch, usePatch } from '../settings/archivable.tsx';
import { Rows, Section } from '../settings/section.tsx';
import styles from '../settings/section.module.css';
import { allSkills, skills } from './records.ts';
import { usePeopleTexts } from './texts.ts';

type Values = { name: string; nameEn?: string };

/** The skills people can have (技能), named in both languages. */
export function SkillsSection() {
  const { t, language } = useTexts();
  const { t: say } = usePeopleTexts();
  const { may } = useSession();
  const writable = may('settings.write');
  const [archived, setArchived] = useState(false);
  const list = useQuery(archived ? allSkills : skills);
  const [editing, setEditing] = useState<SkillDefinition | 'new' | null>(null);
  const patch = usePatch('skills');
  return (
    <Section
      title={say('skills.title')}
      hint={say('skills.hint')}
      action={
        <span className={styles.end}>
          <ArchivedSwitch checked={archived} onChange={setArchived} />
          {writable && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{say('skills.new')}</Button>}
        </span>
      }
    >
      <Rows query={list}>
        {(items) => (
          <div className={styles.card}>
            {items.map((skill) => (
              <div key={skill.id} className={styles.row}>
                <span className={styles.main}>
                  <span className={styles.name}>{localName(skill, language)}</span>{' '}
                  <span className={styles.muted}>{language === 'en' ? (skill.nameEn === null ? '' : skill.name) : skill.nameEn}</span>
                </span>
                <span className={styles.end}>
                  {!skill.active && <Badge>{say('skills.inactive')}</Badge>}
                  <span className={styles.muted}>{say('skills.holders', { count: skill.staffCount })}</span>
                  {writable && (
                    <Dropdown trigger={['click']} menu={{ items: [{ key: 'edit', label: say('skills.edit') }, skill.active ? { key: 'archive', label: say('skills.archive'), danger: true } : { key: 'restore', label: say('skills.restore') }], onClick: ({ key }) => (key === 'edit' ? setEditing(skill) : patch.mutate({ record: skill, patch: { active: key === 'restore' } })) }}>
                      <Button type="text" size="small" icon={<Icon name="more" />} aria-label={say('skills.actions', { name: localName(skill, language) })} />
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
          title={editing === 'new' ? say('skills.new') : localName(editing, language)}
          path={editing === 'new' ? '/skills' : `/skills/${editing.id}`}
          version={editing === 'new' ? undefined : editing.version}
          outdates={['skills', 'skills?archived=true', 'staff']}
          initialValues={editing === 'new' ? {} : { name: editing.name, nameEn: editing.nameEn ?? '' }}
          toBody={({ name, nameEn }) => ({ name: name.trim(), nameEn: nameEn?.trim() || null })}
          fields={['name', 'nameEn']}
          onClose={() => setEditing(null)}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
        </CreateForm>
      )}
    </Section>
  );
}
