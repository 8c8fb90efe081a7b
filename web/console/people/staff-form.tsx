import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import type { Staff } from '../../../contract/organization.ts';
import { departments, roles, teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { checkPhone } from '../parts/field-words.ts';
import { Icon } from '../parts/icon.tsx';
import { jobTexts, localName } from '../parts/names.ts';
import { oneTimePassword } from './one-time-password.ts';
import { skills as skillList } from './records.ts';
import { usePeopleTexts } from './texts.ts';
import styles from './staff-form.module.css';

type Values = {
  name: string; email?: string; phone?: string; password?: string; job: Staff['job']; departmentId?: string | null;
  resetSecondFactor?: boolean; teamIds: string[]; roleIds: string[]; skills: { skill: string; level: number }[];
};

/** Who was added, and by what they sign in for the first time. */
export type Invited = { person: Staff; account: string; password: string };

/** Adds a colleague or changes one (员工表单). */
export function StaffForm({ person, onClose, onDone, onInvite }: { person?: Staff; onClose: () => void; onDone?: (person: Staff) => void; onInvite?: (invited: Invited) => void }) {
  const { t, language } = useTexts();
  // One's own password and second factor are changed at one's name, with the present one.
  const { me } = useSession();
  const { t: say } = usePeopleTexts();
  const sent = useRef<Values>(undefined);
  const departmentList = useQuery(departments);
  const teamList = useQuery(teams);
  const roleList = useQuery(roles);
  const required = [{ required: true, whitespace: true, message: t('common.required') }];
  const options = (records: readonly { id: string; name: string; nameEn?: string | null }[] | undefined) => (records ?? []).map((record) => ({ value: record.id, label: localName(record, language) }));

  const known = useQuery(skillList);
  // What somebody has may have gone out of use since.
  const skillOptions = [...options(known.data), ...(person?.skills ?? []).filter((one) => known.data?.every(({ id }) => id !== one.id)).map((one) => ({ value: one.id, label: one.skill }))];

  function toBody(values: Values): object {
    const skills = values.skills.filter((skill) => skill?.skill?.trim()).map(({ skill, level }) => ({ skill: skill.trim(), level: level ?? 3 }));
    const common = { name: values.name.trim(), job: values.job, teamIds: values.teamIds ?? [], roleIds: values.roleIds ?? [], skills };
    const given = (name: 'email' | 'phone' | 'password'): object => (values[name]?.trim() ? { [name]: values[name]?.trim() } : {});
    if (person !== undefined) {
      const changed = (name: 'email' | 'phone'): object => ((values[name]?.trim() ?? '') === (person[name] ?? '') ? {} : { [name]: values[name]?.trim() || null });
      return { ...common, ...changed('email'), ...changed('phone'), departmentId: values.departmentId ?? null, ...given('password'), ...(values.resetSecondFactor === true ? { resetSecondFactor: true } : {}) };
    }
    sent.current = values;
    return { ...common, ...given('email'), ...given('phone'), ...given('password'), ...(values.departmentId == null ? {} : { departmentId: values.departmentId }) };
  }

  return (
    <CreateForm<Values, Staff>
      title={person === undefined ? t('staff.new') : t('staff.edit', { name: person.name })}
      path={person === undefined ? '/staff' : `/staff/${person.id}`}
      version={person?.version}
      outdates={['staff', 'teams']}
      initialValues={
        person === undefined
          ? { job: 'technician', teamIds: [], roleIds: [], skills: [] }
          : { name: person.name, ...(person.email === null ? {} : { email: person.email }), ...(person.phone === null ? {} : { phone: person.phone }), job: person.job, departmentId: person.department?.id, teamIds: person.teams.map((team) => team.id), roleIds: person.roles.map((role) => role.id), skills: person.skills.map(({ id, level }) => ({ skill: id, level })) }
      }
      toBody={toBody}
      fields={['name', 'email', 'phone', 'password', 'departmentId', 'teamIds', 'roleIds']}
      onClose={onClose}
      onDone={(made) => {
        const account = sent.current?.email?.trim() || sent.current?.phone?.trim();
        const password = sent.current?.password?.trim();
        if (account && password) onInvite?.({ person: made, account, password });
        onDone?.(made);
      }}
    >
      <Form.Item name="name" label={t('record.name')} rules={required}>
        <Input autoFocus maxLength={100} />
      </Form.Item>
      <Form.Item name="email" label={t('record.email')} rules={[{ type: 'email', message: t('record.emailWrong') }]}>
        <Input inputMode="email" maxLength={254} autoComplete="off" />
      </Form.Item>
      {/* A number that is shown masked stays as it is until another one is typed. */}
      <Form.Item name="phone" label={t('record.phone')} extra={t(person === undefined ? 'staff.accountHint' : 'staff.accountChangeHint')} rules={[{ validator: (_rule, typed: string | undefined) => (typed === person?.phone ? Promise.resolve() : checkPhone(typed)) }]}>
        <Input inputMode="tel" maxLength={30} autoComplete="off" />
      </Form.Item>
      {person === undefined && (
        <Form.Item name="password" label={t('staff.password')} extra={t('account.passwordRule')}>
          <FirstPassword generate={say('invite.generate')} />
        </Form.Item>
      )}
      <Form.Item name="job" label={t('staff.job')}>
        <Select options={Object.entries(jobTexts).map(([value, key]) => ({ value, label: t(key) }))} />
      </Form.Item>
      <Form.Item name="departmentId" label={t('staff.department')}>
        <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={options(departmentList.data)} />
      </Form.Item>
      <Form.Item name="teamIds" label={t('staff.teams')}>
        <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={options(teamList.data)} />
      </Form.Item>
      <Form.Item name="roleIds" label={t('staff.roles')}>
        <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={options(roleList.data)} />
      </Form.Item>
      <Form.List name="skills">
        {(fields, { add, remove }) => (
          <div className={styles.skills} role="group" aria-label={t('staff.skills')}>
            <span>{t('staff.skills')}</span>
            {fields.map((field) => (
              <div key={field.key} className={styles.skill}>
                <Form.Item name={[field.name, 'skill']} noStyle>
                  <Select showSearch={{ optionFilterProp: 'label' }} placeholder={t('staff.skill')} aria-label={t('staff.skill')} options={skillOptions} />
                </Form.Item>
                <Form.Item name={[field.name, 'level']} noStyle initialValue={3}>
                  <InputNumber min={1} max={5} precision={0} aria-label={t('staff.level')} />
                </Form.Item>
                <Button type="text" icon={<Icon name="close" />} aria-label={t('common.remove')} onClick={() => remove(field.name)} />
              </div>
            ))}
            <Button type="dashed" block icon={<Icon name="plus" />} onClick={() => add()} disabled={fields.length >= 50}>
              {t('staff.addSkill')}
            </Button>
          </div>
        )}
      </Form.List>
      {person !== undefined && person.id !== me.id && (
        <>
          <Form.Item name="password" label={t('staff.newPassword')} extra={t('staff.newPasswordHint')}>
            <Input.Password maxLength={200} autoComplete="new-password" />
          </Form.Item>
          <Form.Item name="resetSecondFactor" valuePropName="checked" extra={t('staff.resetSecondFactorHint')}>
            <Checkbox>{t('staff.resetSecondFactor')}</Checkbox>
          </Form.Item>
        </>
      )}
    </CreateForm>
  );
}

/** A password to begin with, typed or drawn. */
function FirstPassword({ id, value, onChange, generate }: { id?: string; value?: string; onChange?: (value: string) => void; generate: string }) {
  return (
    <span className={styles.first}>
      <Input.Password {...(id === undefined ? {} : { id })} value={value ?? ''} maxLength={200} autoComplete="new-password" onChange={(event) => onChange?.(event.target.value)} />
      <Button onClick={() => onChange?.(oneTimePassword())}>{generate}</Button>
    </span>
  );
}
