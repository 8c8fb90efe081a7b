import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input, Radio } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { Static } from 'typebox';
import type { SessionStarted, SignIn } from '../../../contract/session.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Logo, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { useTitle } from '../parts/title.ts';
import { PreferenceSwitches } from './preference-switches.tsx';
import styles from './sign-in.module.css';

/** An organization that an account may enter. */
type OrganizationChoice = { slug: string; name: string };
type Step = 'credentials' | 'code' | 'organization';

const stepOfRefusal: Record<string, Step> = { second_factor_required: 'code', second_factor_wrong: 'code', organization_ambiguous: 'organization' };

/** Sign-in (登录): account and password, then what the server asks for besides. What was typed stays through every refusal. */
export function SignInPage({ onSignedIn }: { onSignedIn: (started: Static<typeof SessionStarted>, password: string) => void }) {
  const { t } = useTexts();
  useTitle(t('signIn.title'));
  const [form] = Form.useForm<SignIn>();
  const [step, setStep] = useState<Step>('credentials');
  const [organizations, setOrganizations] = useState<OrganizationChoice[]>([]);
  const first = useRef<HTMLDivElement>(null);

  const signIn = useMutation({
    mutationFn: (credentials: SignIn) => api.signIn<Static<typeof SessionStarted>>(credentials),
    onSuccess: (started, { password }) => onSignedIn(started, password),
    onError: (error) => {
      const { code, extensions } = asProblem(error);
      if (code === 'organization_ambiguous') setOrganizations((extensions.organizations as OrganizationChoice[] | undefined) ?? []);
      const next = stepOfRefusal[code];
      if (next !== undefined) setStep(next);
      else if (code === 'wrong_credentials') setStep('credentials');
    },
  });

  useEffect(() => {
    first.current?.querySelector<HTMLInputElement>(`[data-step="${step}"] input`)?.focus();
  }, [step]);

  function submit(): void {
    const { email, password, code, organization } = form.getFieldsValue(true) as SignIn;
    signIn.mutate({ email: email?.trim(), password, ...(code ? { code: code.replace(/\s/g, '') } : {}), ...(organization ? { organization: organization.trim() } : {}) });
  }

  function startAgain(): void {
    signIn.reset();
    form.resetFields(['code', 'organization', 'password']);
    setStep('credentials');
  }

  const account = String(form.getFieldValue('email') ?? '');
  // Being asked for the next step is no failure to show in red.
  const asked = ['second_factor_required', 'organization_ambiguous'].includes(signIn.isError ? asProblem(signIn.error).code : '');
  const title = { credentials: t('signIn.title'), code: t('signIn.codeTitle'), organization: t('signIn.organizationTitle') }[step];

  return (
    <main className={styles.page}>
      <div className={styles.corner}>
        <PreferenceSwitches />
      </div>
      <div className={styles.card} ref={first}>
        <div className={styles.mark}>
          <Logo size={36} />
        </div>
        <h1 className={styles.title}>{title}</h1>
        <Form form={form} layout="vertical" requiredMark={false} onFinish={submit} size="large" validateTrigger="onSubmit">
          {signIn.isError && !asked && (
            <div className={styles.problem}>
              <ProblemAlert error={signIn.error} />
            </div>
          )}
          <div hidden={step !== 'credentials'} data-step="credentials">
            <Form.Item name="email" label={t('signIn.account')} rules={[{ required: true, whitespace: true, message: t('signIn.accountMissing') }]}>
              <Input autoComplete="username" maxLength={254} inputMode="email" autoCapitalize="none" spellCheck={false} />
            </Form.Item>
            <Form.Item name="password" label={t('signIn.password')} rules={[{ required: true, message: t('signIn.passwordMissing') }]}>
              <Input.Password autoComplete="current-password" maxLength={200} />
            </Form.Item>
          </div>
          {step === 'code' && (
            <div data-step="code">
              <p className={styles.hint}>{t('signIn.codeHint', { account })}</p>
              <Form.Item name="code" label={t('signIn.code')} rules={[{ required: true, whitespace: true, message: t('signIn.codeMissing') }]}>
                <Input className={styles.code} autoComplete="one-time-code" inputMode="numeric" maxLength={10} />
              </Form.Item>
            </div>
          )}
          {step === 'organization' && (
            <div data-step="organization">
              <p className={styles.hint}>{t('signIn.organizationHint', { account })}</p>
              <Form.Item name="organization" label={t('signIn.organization')} rules={[{ required: true, whitespace: true, message: t('signIn.organizationMissing') }]}>
                {organizations.length > 0 ? (
                  <Radio.Group className={styles.organizations} options={organizations.map((one) => ({ value: one.slug, label: one.name }))} />
                ) : (
                  <Input maxLength={63} autoCapitalize="none" spellCheck={false} placeholder={t('signIn.organizationExample')} />
                )}
              </Form.Item>
            </div>
          )}
          <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
            {{ credentials: t('signIn.submit'), code: t('signIn.verify'), organization: t('signIn.continue') }[step]}
          </Button>
          {step !== 'credentials' && (
            <Button type="link" block className={styles.back} onClick={startAgain}>
              {t('signIn.back')}
            </Button>
          )}
        </Form>
      </div>
    </main>
  );
}
