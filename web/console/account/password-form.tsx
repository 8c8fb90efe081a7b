import { useMutation } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import styles from './account-drawer.module.css';

type Values = { currentPassword: string; newPassword: string; repeated: string };
const shortest = 10;

/** Changes one's own password (修改密码). */
export function PasswordForm() {
  const { t } = useTexts();
  const { me } = useSession();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const change = useMutation({
    mutationFn: ({ currentPassword, newPassword }: Values) => api.post('/session/password', { currentPassword, newPassword }),
    onSuccess: () => {
      form.resetFields();
      void message.success(t('account.passwordChanged'));
    },
  });
  const required = { required: true, message: t('common.required') };
  return (
    <section>
      <h3 className={styles.title}>{t('account.changePassword')}</h3>
      <p className={styles.hint}>{t('account.passwordRule')}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => change.mutate(values)}>
        {/* Password managers look for the account beside the passwords. */}
        <input hidden readOnly autoComplete="username" value={me.email ?? ''} />
        <Form.Item name="currentPassword" label={t('account.currentPassword')} rules={[required]}>
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <Form.Item name="newPassword" label={t('account.newPassword')} rules={[required, { min: shortest, message: t('account.passwordRule') }]}>
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="repeated"
          label={t('account.repeatPassword')}
          dependencies={['newPassword']}
          rules={[required, ({ getFieldValue }) => ({ validator: (_, value) => (value === getFieldValue('newPassword') ? Promise.resolve() : Promise.reject(new Error(t('account.passwordsDiffer')))) })]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        {change.isError && <ProblemAlert error={change.error} />}
        <Button htmlType="submit" loading={change.isPending} style={{ marginTop: change.isError ? 12 : 0 }}>
          {t('account.changePassword')}
        </Button>
      </Form>
    </section>
  );
}
