import { useEffect, useRef, useState } from 'preact/hooks';
import type { PortalHome } from '../../contract/portal.ts';
import { asProblem, type ApiProblem } from '../ui/api-problem.ts';
import { takesTextMessages } from '../../rules/text/phone-number.ts';
import { goTo } from './address.ts';
import { requestCode, signInByCode } from './customer.ts';
import { Field, focusField } from './parts/field.tsx';
import { Problem } from './parts/notice.tsx';
import { phoneError } from './report/check.ts';
import { rememberedContact } from './storage.ts';
import { say } from './texts/say.ts';

const pause = 60;

function mobileError(phone: string): ReturnType<typeof phoneError> | 'signIn.mobileNeeded' {
  return phoneError(phone) ?? (takesTextMessages(phone) ? null : 'signIn.mobileNeeded');
}

/** Signs a customer in by a code sent to their phone (手机验证码登录). */
export function SignIn({ home }: { home: PortalHome }) {
  const slug = home.organization.slug;
  const [phone, setPhone] = useState(() => rememberedContact().phone);
  const [code, setCode] = useState('');
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [wait, setWait] = useState(0);
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (wait === 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);

  async function send(): Promise<void> {
    setTried(true);
    if (mobileError(phone) !== null) {
      focusField('phone');
      return;
    }
    setRunning(true);
    setProblem(null);
    try {
      await requestCode(slug, phone.trim());
      setSentTo(phone.trim());
      setWait(pause);
      setTried(false);
      setTimeout(() => focusField('code'));
    } catch (error) {
      const refusal = asProblem(error);
      setProblem(refusal);
      if (refusal.retryAfter !== undefined) setWait(Math.ceil(refusal.retryAfter));
    } finally {
      setRunning(false);
    }
  }

  async function signIn(): Promise<void> {
    setTried(true);
    if (sentTo === null || !/^\d{6}$/.test(code.trim())) {
      focusField('code');
      return;
    }
    setRunning(true);
    setProblem(null);
    try {
      await signInByCode(slug, sentTo, code.trim());
      goTo('#mine', { replace: true });
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setRunning(false);
    }
  }

  const wrongPhone = tried && sentTo === null ? mobileError(phone) : null;
  return (
    <form
      ref={form}
      class="form narrow"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void (sentTo === null ? send() : signIn());
      }}
    >
      <div class="hero">
        <h1 tabIndex={-1}>{say('signIn.title')}</h1>
        <p>{say('signIn.lead')}</p>
      </div>
      <Problem error={problem} />
      {sentTo === null ? (
        <>
          <Field label={say('signIn.phone')} name="phone" type="tel" inputMode="tel" autoComplete="tel" value={phone} onInput={setPhone} error={wrongPhone === null ? undefined : say(wrongPhone)} maxLength={30} />
          <button type="submit" class="button button-main button-wide" disabled={running || wait > 0}>
            {wait > 0 ? say('signIn.sendIn', { count: wait }) : say('signIn.send')}
          </button>
        </>
      ) : (
        <>
          <Field label={say('signIn.code')} name="code" inputMode="numeric" autoComplete="one-time-code" hint={say('signIn.codeHint', { phone: sentTo })} value={code} onInput={setCode} error={tried && !/^\d{6}$/.test(code.trim()) ? say('signIn.codeWrong') : undefined} maxLength={6} />
          <button type="submit" class="button button-main button-wide" disabled={running}>{say('signIn.submit')}</button>
          <div class="button-row">
            <button type="button" class="button" onClick={() => setSentTo(null)}>{say('signIn.changePhone')}</button>
            <button type="button" class="button" disabled={running || wait > 0} onClick={() => void send()}>
              {wait > 0 ? say('signIn.sendIn', { count: wait }) : say('signIn.sendAgain')}
            </button>
          </div>
        </>
      )}
    </form>
  );
}
