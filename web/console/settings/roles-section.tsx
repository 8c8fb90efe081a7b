import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Form, Input, Select } from 'antd';
import { useState } from 'react';
import type { Role } from '../../../contract/organization.ts';
import { permissions, type Grant, type Permission, type Scope } from '../../../rules/access/permissions.ts';
import { api, asProblem } from '../../ui/api.ts';
import { roles, whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName, scopeTexts } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { ArchivedSwitch, usePatch } from './archivable.tsx';
import { Rows, Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';
import own from './roles-section.module.css';

const permissionNames = Object.keys(permissions) as Permission[];
const scopes = ['own', 'team', 'department', 'organization'] as const;
const groups = [
  { text: 'role.groupTicket', has: (name: Permission) => /^(ticket|visit|view|macro|insight|personal_data)\./.test(name) },
  { text: 'role.groupRecords', has: (name: Permission) => /^(customer|asset)\./.test(name) },
  { text: 'role.groupOrganization', has: (name: Permission) => /^(organization|settings|audit|api_key)\./.test(name) },
] as const;
const archivedRoles = whole<Role>('roles?archived=true');

/** How far each permission reaches, as it is being changed. */
type Reach = Partial<Record<Permission, Scope | null>>;

const widest = (role: Role, permission: Permission): Scope | null => role.grants.filter((grant) => grant.permission === permission).map((grant) => grant.scope).sort((a, b) => scopes.indexOf(b) - scopes.indexOf(a))[0] ?? null;

/** The grants with the changed ones in their place; what was not touched stays as it was, narrowed to types or not. */
function grantsWith(role: Role, reach: Reach): Grant[] {
  const kept = role.grants.filter((grant) => !(grant.permission in reach));
  const changed = (Object.entries(reach) as [Permission, Scope | null][]).flatMap(([permission, scope]) => {
    if (scope === null) return [];
    const types = role.grants.find((grant) => grant.permission === permission)?.ticketTypeIds;
    return [{ permission, scope, ...(types === undefined ? {} : { ticketTypeIds: types }) }];
  });
  return [...kept, ...changed];
}

/** Roles (角色): a matrix of permissions, and how far each reaches. */
export function RolesSection() {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const writable = may('organization.write');
  const [archived, setArchived] = useState(false);
  const list = useQuery(archived ? archivedRoles : roles);
  const [changes, setChanges] = useState<Record<string, Reach>>({});
  const [editing, setEditing] = useState<Role | 'new' | null>(null);
  const patch = usePatch('roles');
  const nameOf = (permission: Permission): string => permissions[permission][language === 'en' ? 'en' : 'zh'];
  const count = Object.values(changes).reduce((sum, reach) => sum + Object.keys(reach).length, 0);

  const save = useMutation({
    mutationFn: async (items: readonly Role[]) => {
      for (const role of items) {
        const reach = changes[role.id];
        if (reach === undefined || Object.keys(reach).length === 0) continue;
        await api.patch(`/roles/${role.id}`, { grants: grantsWith(role, reach) }, { ifMatch: `"${role.version}"` });
        // What was saved stays saved, even if a later one is refused.
        setChanges((before) => Object.fromEntries(Object.entries(before).filter(([id]) => id !== role.id)));
      }
    },
    onSuccess: () => void message.success(t('common.saved')),
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors[0]?.message ?? problem.title);
    },
    onSettled: () => void queryClient.invalidateQueries({ predicate: ({ queryKey }) => ['roles', 'roles?archived=true', 'session'].includes(String(queryKey[0])) }),
  });

  function set(role: Role, permission: Permission, scope: Scope | null): void {
    setChanges((before) => {
      const { [permission]: _old, ...rest } = before[role.id] ?? {};
      return { ...before, [role.id]: widest(role, permission) === scope ? rest : { ...rest, [permission]: scope } };
    });
  }

  return (
    <div className={own.wide}>
      <Section
        title={t('settings.roles')}
        hint={t('settings.rolesHint')}
        action={
          <span className={styles.end}>
            <ArchivedSwitch checked={archived} onChange={setArchived} />
            {writable && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{t('settings.newRole')}</Button>}
          </span>
        }
      >
        <Rows query={list}>
          {(items) => (
            <>
              <div className={own.matrixBox} tabIndex={0} role="group" aria-label={say('role.matrix')}>
                <table className={own.matrix}>
                  <thead>
                    <tr>
                      <th scope="col">{t('settings.permissions')}</th>
                      {items.map((role) => (
                        <th key={role.id} scope="col" data-archived={!role.active || undefined}>
                          <span className={own.roleHead}>
                            <span>
                              {localName(role, language)}
                              <span className={styles.muted}>{role.active ? say('role.staffCount', { count: role.staffCount }) : say('types.archived')}</span>
                            </span>
                            {writable && (
                              <Dropdown
                                trigger={['click']}
                                menu={{
                                  items: [{ key: 'edit', label: say('role.rename') }, role.active ? { key: 'archive', label: say('types.archive'), danger: true } : { key: 'restore', label: say('types.restore') }],
                                  onClick: ({ key }) => {
                                    if (key === 'edit') setEditing(role);
                                    else patch.mutate({ record: role, patch: { active: key === 'restore' } });
                                  },
                                }}
                              >
                                <Button type="text" size="small" icon={<Icon name="more" size={14} />} aria-label={say('admin.actions', { name: localName(role, language) })} />
                              </Dropdown>
                            )}
                          </span>
                        </th>
                      ))}
                    </tr>
                  </thead>
                  {groups.map((group) => (
                    <tbody key={group.text}>
                      <tr><th scope="rowgroup" colSpan={items.length + 1} className={own.groupHead}>{say(group.text)}</th></tr>
                      {permissionNames.filter(group.has).map((permission) => (
                        <tr key={permission}>
                          <th scope="row">{nameOf(permission)}</th>
                          {items.map((role) => {
                            const reach = changes[role.id];
                            const changed = reach !== undefined && permission in reach;
                            const scope = changed ? (reach[permission] ?? null) : widest(role, permission);
                            const limited = role.grants.some((grant) => grant.permission === permission && grant.ticketTypeIds !== undefined);
                            return (
                              <td key={role.id} data-changed={changed || undefined} data-scope={scope ?? undefined}>
                                <Select<Scope | ''>
                                  size="small"
                                  variant="borderless"
                                  className={own.cell}
                                  disabled={!writable || !role.active}
                                  popupMatchSelectWidth={160}
                                  aria-label={say('role.cell', { role: localName(role, language), permission: nameOf(permission) })}
                                  value={scope ?? ''}
                                  options={[{ value: '', label: say('role.none') }, ...(permissions[permission].scoped ? scopes : (['organization'] as const)).map((one) => ({ value: one, label: permissions[permission].scoped ? t(scopeTexts[one]) : say('role.on') }))]}
                                  onChange={(next) => set(role, permission, next === '' ? null : next)}
                                />
                                {limited && <span className={styles.muted}>{say('role.limited')}</span>}
                              </td>
                            );
                          })}
                        </tr>
                      ))}
                    </tbody>
                  ))}
                </table>
              </div>
              {count > 0 && (
                <div className={own.bar}>
                  <span role="status">{say('role.changed', { count })}</span>
                  <Button onClick={() => setChanges({})}>{say('role.reset')}</Button>
                  <Button type="primary" loading={save.isPending} onClick={() => save.mutate(items)}>{say('role.save')}</Button>
                </div>
              )}
            </>
          )}
        </Rows>
        {editing !== null && (
          <CreateForm<{ name: string; nameEn?: string }>
            title={editing === 'new' ? t('settings.newRole') : localName(editing, language)}
            path={editing === 'new' ? '/roles' : `/roles/${editing.id}`}
            version={editing === 'new' ? undefined : editing.version}
            outdates={['roles', 'roles?archived=true']}
            initialValues={editing === 'new' ? {} : { name: editing.name, nameEn: editing.nameEn ?? '' }}
            toBody={({ name, nameEn }) => (editing === 'new' ? { name: name.trim(), ...(nameEn?.trim() ? { nameEn: nameEn.trim() } : {}), grants: [] } : { name: name.trim(), nameEn: nameEn?.trim() || null })}
            fields={['name', 'nameEn']}
            onClose={() => setEditing(null)}
          >
            <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
            <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          </CreateForm>
        )}
      </Section>
    </div>
  );
}
