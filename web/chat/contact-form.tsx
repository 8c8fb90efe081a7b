import { useState } from 'preact/hooks';
import { ChatProblem } from './call.ts';
import { contact, leaveContact } from './chat.ts';
import { remember } from './memory.ts';
import { say } from './texts.ts';

type Said = Partial<Record<'name' | 'email' | 'phone', string>>;

/** Sends what was filled in; says what was wrong with it. */
function useLeaving(onKept: () => void): { problem: string; busy: boolean; leave: (said: Said) => Promise<void> } {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const leave = async (said: Said): Promise<void> => {
    if (!said.email && !said.phone) return setProblem(say('either'));
    setBusy(true);
    setProblem('');
    try {
      await leaveContact(said);
      onKept();
    } catch (error) {
      if (!(error instanceof ChatProblem)) throw error;
      setProblem(error.message || say('broken'));
    } finally {
      setBusy(false);
    }
  };
  return { problem, busy, leave };
}

/** Asks who somebody is and how they can be reached before they write (聊前询问). */
export function ContactForm({ greeting }: { greeting: string }) {
  const [said, setSaid] = useState({ name: contact.value.name ?? '', phone: '', email: '' });
  const { problem, busy, leave } = useLeaving(() => {});
  const field = (name: keyof typeof said, type: 'text' | 'tel' | 'email', autocomplete: 'name' | 'tel' | 'email') => (
    <label>
      <span>{say(name)}</span>
      <input type={type} list={undefined} value={said[name]} maxLength={name === 'phone' ? 30 : name === 'name' ? 100 : 200} autoComplete={autocomplete} onInput={(event) => setSaid({ ...said, [name]: event.currentTarget.value })} />
    </label>
  );
  return (
    <form
      class="contact first" noValidate onSubmit={(event) => {
        event.preventDefault();
        void leave(Object.fromEntries(Object.entries(said).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== '')));
      }}
    >
      <p class="greeting">{greeting}</p>
      <h2>{say('who')}</h2>
      <p>{say('whoHint')}</p>
      {field('name', 'text', 'name')}
      {field('phone', 'tel', 'tel')}
      {field('email', 'email', 'email')}
      {problem !== '' && <p class="problem" role="alert">{problem}</p>}
      <div class="buttons"><button type="submit" class="main" disabled={busy}>{say('start')}</button></div>
    </form>
  );
}

/** Asks how somebody can be reached once they have written (留联系方式): by one line, which they may wave away. */
export function ContactLine() {
  const [said, setSaid] = useState('');
  const [state, setState] = useState<'open' | 'kept' | 'gone'>('open');
  const { problem, busy, leave } = useLeaving(() => setState('kept'));
  if (state === 'gone') return null;
  if (state === 'kept') return <p class="day" role="status">{say('kept')}</p>;
  const given = said.trim();
  return (
    <form
      class="contact" noValidate onSubmit={(event) => {
        event.preventDefault();
        // Neither of both is said here, where one sees what was meant.
        void leave(given.includes('@') ? { email: given } : /\d{3}/u.test(given.replaceAll(/[\s-]/gu, '')) ? { phone: given } : {});
      }}
    >
      <label for="reach">{say('stay')}</label>
      <div class="reach">
        <input id="reach" type="text" list={undefined} inputMode="email" value={said} maxLength={200} autoComplete="email" placeholder={say('reach')} onInput={(event) => setSaid(event.currentTarget.value)} />
        <button type="submit" class="main" disabled={busy || given === ''}>{say('keep')}</button>
      </div>
      {problem !== '' && <p class="problem" role="alert">{problem}</p>}
      <button
        type="button" class="link" onClick={() => {
          remember({ unasked: true });
          setState('gone');
        }}
      >
        {say('later')}
      </button>
    </form>
  );
}
