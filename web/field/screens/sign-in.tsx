import { EyeInvisibleOutline, EyeOutline } from 'antd-mobile-icons';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { Me } from '../../../contract/session.ts';
import { asProblem, type ApiProblem } from '../../ui/api.ts';
import { Logo } from '../../ui/react/logo.tsx';
import { ProblemAlert } from '../../ui/react/problem-alert.tsx';
import { signIn } from '../data/session.ts';
import { refresh } from '../data/sync.ts';
import { useTexts } from '../i18n.ts';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { TextField } from '../parts/text-field.tsx';

const accountKey = 'bihuan.field.account';

function rememberedAccount(): string {
  try {
    return localStorage.getItem(accountKey) ?? '';
  } catch {
    return '';
  }
}

/**
 * Sign-in (登录).
 *
 * @param again who has to sign in again after the session ended; they may also put it off
 */
export function SignInScreen({ again, onClose }: { again?: Me; onClose?: () => void }) {
  const { t } = useTexts();
  const [account, setAccount] = useState(again?.email ?? rememberedAccount());
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [organization, setOrganization] = useState('');
  const [needs, setNeeds] = useState({ code: false, organization: false });
  const [shown, setShown] = useState(false);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const missing = {
    account: account.trim() === '' ? t('signIn.accountMissing') : undefined,
    password: password === '' ? t('signIn.passwordMissing') : undefined,
    code: needs.code && !/^\d{6,10}$/.test(code.trim()) ? t('signIn.codeMissing') : undefined,
  };

  // The field that is asked for in addition is the one to type into next.
  useEffect(() => {
    if (needs.code) form.current?.querySelector<HTMLElement>('[name="code"]')?.focus();
    else if (needs.organization) form.current?.querySelector<HTMLElement>('[name="organization"]')?.focus();
  }, [needs]);

  async function onSubmit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setTried(true);
    setProblem(null);
    const wrong = missing.account !== undefined ? 'account' : missing.password !== undefined ? 'password' : missing.code !== undefined ? 'code' : null;
    if (wrong !== null) {
      form.current?.querySelector<HTMLElement>(`[name="${wrong}"]`)?.focus();
      return;
    }
    setRunning(true);
    try {
      await signIn(account.trim(), password, needs.code ? code.trim() : null, needs.organization ? organization.trim() : null);
      try {
        localStorage.setItem(accountKey, account.trim());
      } catch {
        // Convenience only.
      }
      onClose?.();
      void refresh();
    } catch (error) {
      const refusal = asProblem(error);
      if (refusal.code === 'second_factor_required') {
        setNeeds({ ...needs, code: true });
        setTried(false);
      } else if (refusal.code === 'organization_ambiguous') {
        setNeeds({ ...needs, organization: true });
        setTried(false);
      } else {
        setProblem(refusal);
      }
    } finally {
      setRunning(false);
    }
  }

  return (
    <main className={again === undefined ? 'sign-in' : 'sign-in sign-in-over'}>
      <form ref={form} className="sign-in-form" noValidate onSubmit={(event) => void onSubmit(event)}>
        <div className="sign-in-head">
          <Logo size={48} />
          <h1 tabIndex={-1}>{again === undefined ? t('app.name') : t('signIn.again')}</h1>
          <p>{again === undefined ? t('app.tagline') : t('signIn.againHint')}</p>
        </div>
        <ProblemAlert error={problem} />
        <TextField label={t('signIn.account')} name="account" value={account} onChange={setAccount} error={tried ? missing.account : undefined} autoComplete="username" inputMode="email" maxLength={254} />
        <TextField
          label={t('signIn.password')}
          name="password"
          type={shown ? 'text' : 'password'}
          value={password}
          onChange={setPassword}
          error={tried ? missing.password : undefined}
          autoComplete="current-password"
          maxLength={200}
          after={
            <button type="button" className="icon-button" aria-label={t(shown ? 'signIn.hidePassword' : 'signIn.showPassword')} onClick={() => setShown(!shown)}>
              {shown ? <EyeOutline aria-hidden="true" /> : <EyeInvisibleOutline aria-hidden="true" />}
            </button>
          }
        />
        {needs.code && <TextField label={t('signIn.code')} name="code" value={code} onChange={setCode} hint={t('signIn.codeHint')} error={tried ? missing.code : undefined} autoComplete="one-time-code" inputMode="numeric" maxLength={10} />}
        {needs.organization && <TextField label={t('signIn.organization')} name="organization" value={organization} onChange={setOrganization} hint={t('signIn.organizationHint')} maxLength={63} />}
        <button type="submit" className="primary-button" disabled={running}>
          {running ? t('signIn.running') : t('signIn.submit')}
        </button>
        {again !== undefined && (
          <button type="button" className="secondary-button" onClick={onClose}>
            {t('common.cancel')}
          </button>
        )}
        {again === undefined && <p className="sign-in-note">{t('signIn.offline')}</p>}
      </form>
      {again === undefined && <LanguageSwitch />}
    </main>
  );
}
