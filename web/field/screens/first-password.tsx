import { useState, type FormEvent } from 'react';
import type { Me } from '../../../contract/session.ts';
import { api, asProblem, type ApiProblem } from '../../ui/api.ts';
import { Logo } from '../../ui/react/logo.tsx';
import { ProblemAlert } from '../../ui/react/problem-alert.tsx';
import { passwordWasChanged, signOut } from '../data/session.ts';
import { useTexts } from '../i18n.ts';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { TextField } from '../parts/text-field.tsx';

/** The first thing whoever has a password from a colleague does (首次登录改密码): choose their own. Nothing else is open. */
export function FirstPasswordScreen({ staff }: { staff: Me }) {
  const { t } = useTexts();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const wrong = {
    current: current === '' ? t('signIn.passwordMissing') : undefined,
    next: [...next].length < 10 ? t('first.short') : next === current ? t('first.same') : undefined,
    again: again === next ? undefined : t('first.different'),
  };

  async function onSubmit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    setTried(true);
    setProblem(null);
    const first = (['current', 'next', 'again'] as const).find((name) => wrong[name] !== undefined);
    if (first !== undefined) {
      event.currentTarget.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
      return;
    }
    setRunning(true);
    try {
      await api.post('/session/password', { currentPassword: current, newPassword: next });
      await passwordWasChanged();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setRunning(false);
    }
  }

  return (
    <main className="sign-in">
      <form className="sign-in-form" noValidate onSubmit={(event) => void onSubmit(event)}>
        <div className="sign-in-head">
          <Logo size={48} />
          <h1 tabIndex={-1}>{t('first.title')}</h1>
          <p>{t('first.hint')}</p>
        </div>
        <ProblemAlert error={problem} />
        <input type="text" hidden readOnly autoComplete="username" value={staff.email ?? staff.name} />
        <TextField label={t('first.current')} name="current" type="password" value={current} onChange={setCurrent} error={tried ? wrong.current : undefined} autoComplete="current-password" maxLength={200} />
        <TextField label={t('first.new')} hint={t('first.short')} name="next" type="password" value={next} onChange={setNext} error={tried ? wrong.next : undefined} autoComplete="new-password" maxLength={200} />
        <TextField label={t('first.again')} name="again" type="password" value={again} onChange={setAgain} error={tried ? wrong.again : undefined} autoComplete="new-password" maxLength={200} />
        <button type="submit" className="primary-button" disabled={running}>{running ? t('signIn.running') : t('first.submit')}</button>
        <button type="button" className="secondary-button" onClick={() => void signOut().catch((error: unknown) => setProblem(asProblem(error)))}>{t('me.signOut')}</button>
      </form>
      <LanguageSwitch />
    </main>
  );
}
