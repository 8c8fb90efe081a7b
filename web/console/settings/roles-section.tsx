import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import type { Role } from '../../../contract/organization.ts';
import { permissions, type Permission, type Scope } from '../../../rules/access/permissions.ts';
import { roles } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName, scopeTexts } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { Rows, Section } from './section.tsx';
import styles from './section.module.css';
import own from './roles-section.module.css';

const permissionNames = Object.keys(permissions) as Permission[];
type Values = { name: string; nameEn?: string; scopes?: Partial<Record<Permission, Scope>> };

/** A permission's name is its key with the dot taken for a level of the form. */
const fieldOf = (permission: Permission): string => permission.replace('.', ':');

/** Roles (角色): what each may do, and how far. */
export function RolesSection() {
  const { t, language } = useTexts();
  const { may } = useSession();
  const list = useQuery(roles);
  const [opened, setOpened] = useState<string | null>(null);
  const [creating, setCreating] = useState(false);
  const nameOf = (permission: Permission): string => permissions[permission][language === 'en' ? 'en' : 'zh'];

  return (
    <Section
      title={t('settings.roles')}
      hint={t('settings.rolesHint')}
      action={may('organization.write') && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setCreating(true)}>{t('settings.newRole')}</Button>}
    >
      <Rows query={list}>
        {(items) => (
          <div className={styles.card}>
            {items.map((role: Role) => (
              <div key={role.id} className={own.role}>
                <button type="button" className={own.toggle} aria-expanded={opened === role.id} onClick={() => setOpened(opened === role.id ? null : role.id)}>
                  <Icon name={opened === role.id ? 'chevronDown' : 'chevronRight'} />
                  <span className={styles.name}>{localName(role, language)}</span>
                  <span className={styles.muted}>{t('settings.grantCount', { count: role.grants.length })}</span>
                </button>
                {opened === role.id && (
                  <ul className={own.grants}>
                    {role.grants.map((grant) => (
                      <li key={`${grant.permission} ${grant.scope}`}>
                        <span>{nameOf(grant.permission)}</span>
                        <span className={styles.muted}>{t(scopeTexts[grant.scope])}</span>
                      </li>
                    ))}
                  </ul>
                )}
              </div>
            ))}
          </div>
        )}
      </Rows>
      {creating && (
        <CreateForm<Values>
          title={t('settings.newRole')}
          path="/roles"
          outdates={['roles']}
          toBody={({ name, nameEn, scopes = {} }) => ({
            name: name.trim(),
            ...(nameEn?.trim() ? { nameEn: nameEn.trim() } : {}),
            grants: permissionNames.flatMap((permission) => {
              const scope = (scopes as Record<string, Scope | undefined>)[fieldOf(permission)];
              return scope === undefined ? [] : [{ permission, scope }];
            }),
          })}
          labels={{ name: t('record.name') }}
          onClose={() => setCreating(false)}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          <fieldset className={own.permissions}>
            <legend>{t('settings.permissions')}</legend>
            {permissionNames.map((permission) => (
              <div key={permission} className={own.permission}>
                <span id={`permission-${permission}`}>{nameOf(permission)}</span>
                <Form.Item name={['scopes', fieldOf(permission)]} noStyle>
                  <Select
                    size="small"
                    allowClear
                    aria-labelledby={`permission-${permission}`}
                    placeholder={t('settings.notGranted')}
                    className={own.scope}
                    options={(permissions[permission].scoped ? (['own', 'team', 'department', 'organization'] as const) : (['organization'] as const)).map((scope) => ({ value: scope, label: t(scopeTexts[scope]) }))}
                  />
                </Form.Item>
              </div>
            ))}
          </fieldset>
        </CreateForm>
      )}
    </Section>
  );
}
