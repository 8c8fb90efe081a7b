import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import type { Me } from '../../../contract/session.ts';
import { api } from '../../ui/api.ts';
import { Logo, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { useTitle } from '../parts/title.ts';
import { PreferenceSwitches } from './preference-switches.tsx';
import { useSessionTexts } from './texts.ts';
import styles from './sign-in.module.css';

type Values = { current?: string; next: string; again: string };

/**
 * The first thing whoever has a password from a colleague does (首次登录改密码): choose their own. Nothing else is open.
 *
 * @param present the password they signed in with just now; asked for when the page was loaded anew
 */
export function FirstPasswordPage({ me, present, onChanged, onSignOut }: { me: Me; present: string | null; onChanged: () => void; onSignOut: () => void }) {
  const { t } = useTexts();
  const { t: say } = useSessionTexts();
  useTitle(say('first.title'));
  const [form] = Form.useForm<Values>();
  const change = useMutation({
    mutationFn: ({ current, next }: Values) => api.post('/session/password', { currentPassword: present ?? current ?? '', newPassword: next }),
    onSuccess: onChanged,
    gcTime: 0,
  });
  const needed = { required: true, message: t('common.required') };
  const isCurrent = (value: string): boolean => value !== '' && value === (present ?? form.getFieldValue('current'));
  return (
    <main className={styles.page}>
      <div className={styles.corner}>
        <PreferenceSwitches />
      </div>
      <div className={styles.card}>
        <div className={styles.mark}>
          <Logo size={36} />
        </div>
        <h1 className={styles.title}>{say('first.title')}</h1>
        <p className={styles.hint}>{say('first.hint')}</p>
        <Form form={form} layout="vertical" requiredMark={false} size="large" validateTrigger="onSubmit" onFinish={(values) => change.mutate(values)}>
          {change.isError && (
            <div className={styles.problem}>
              <ProblemAlert error={change.error} />
            </div>
          )}
          {/* So that password managers know whose it is. */}
          <input type="text" hidden readOnly autoComplete="username" value={me.email ?? me.name} />
          {present === null && (
            <Form.Item name="current" label={say('first.current')} rules={[needed]}>
              <Input.Password autoFocus autoComplete="current-password" maxLength={200} />
            </Form.Item>
          )}
          <Form.Item
            name="next"
            label={say('first.new')}
            extra={t('account.passwordRule')}
            rules={[needed, { validator: async (_rule, value: string | undefined) => {
              if (value === undefined || value === '') return;
              if ([...value].length < 10) throw new Error(say('first.short'));
              if (isCurrent(value)) throw new Error(say('first.same'));
            } }]}
          >
            <Input.Password autoFocus={present !== null} autoComplete="new-password" maxLength={200} />
          </Form.Item>
          <Form.Item
            name="again"
            label={say('first.again')}
            rules={[needed, { validator: async (_rule, value: string | undefined) => {
              if (value !== undefined && value !== '' && value !== form.getFieldValue('next')) throw new Error(say('first.different'));
            } }]}
          >
            <Input.Password autoComplete="new-password" maxLength={200} />
          </Form.Item>
          <Button type="primary" htmlType="submit" block loading={change.isPending}>{say('first.submit')}</Button>
          <Button type="link" block className={styles.back} onClick={onSignOut}>{say('first.signOut')}</Button>
        </Form>
      </div>
    </main>
  );
}
