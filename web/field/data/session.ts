import type { Static } from 'typebox';
import type { Me, SessionStarted } from '../../../contract/session.ts';
import { api, ApiProblem } from '../../ui/api.ts';
import { feed } from '../../ui/feed.ts';
import { clearDatabase, countUnsent, database, openDatabase } from './database.ts';

/** Who uses this phone. `ended`: they are known, but the server wants them to sign in again before it takes more. */
export type SessionState = { kind: 'starting' } | { kind: 'none' } | { kind: 'open'; staff: Me; ended: boolean };

const staffKey = 'bihuan.field.staff';

let state: SessionState = { kind: 'starting' };
const listeners = new Set<() => void>();

export function sessionState(): SessionState {
  return state;
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function become(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

function remembered(): Me | null {
  try {
    const text = localStorage.getItem(staffKey);
    return text === null ? null : (JSON.parse(text) as Me);
  } catch {
    return null;
  }
}

function remember(staff: Me | null): void {
  try {
    if (staff === null) localStorage.removeItem(staffKey);
    else localStorage.setItem(staffKey, JSON.stringify(staff));
  } catch {
    // Without storage the session lasts as long as the page.
  }
}

function enter(staff: Me): void {
  openDatabase(staff.id);
  remember(staff);
  become({ kind: 'open', staff, ended: false });
}

/** Opens the app for whoever used it last, at once and without a network; then asks the server who it is. */
export async function startSession(): Promise<void> {
  const staff = remembered();
  if (staff !== null) {
    openDatabase(staff.id);
    become({ kind: 'open', staff, ended: false });
  }
  await checkSession();
}

/** Asks the server who is signed in. Without a network, things stay as they are. */
export async function checkSession(): Promise<void> {
  let answer: { staff: Me } | null;
  try {
    answer = await api.session<Me>();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (state.kind === 'starting') become({ kind: 'none' });
    return;
  }
  if (answer !== null) {
    if (state.kind !== 'open' || state.ended || state.staff.id !== answer.staff.id) enter(answer.staff);
    else if (state.staff.passwordChangeDue !== answer.staff.passwordChangeDue) enter(answer.staff);
    else remember(answer.staff);
  } else {
    endSession();
  }
}

/** The server does not know this session any more. What the phone keeps stays where it is. */
export function endSession(): void {
  if (state.kind === 'open') become({ ...state, ended: true });
  else become({ kind: 'none' });
}

/**
 * Signs in (登录).
 *
 * @param account e-mail address or phone number
 * @throws ApiProblem; `second_factor_required` asks for a code
 */
export async function signIn(account: string, password: string, code: string | null, organization: string | null): Promise<void> {
  const answer = await api.signIn<Static<typeof SessionStarted>>({
    email: account,
    password,
    ...(code === null ? {} : { code }),
    ...(organization === null ? {} : { organization }),
  });
  enter(answer.staff);
  feed.restart(answer.feedPlace);
}

/** Whether the server takes anything of whoever is signed in: not while their password is one that a colleague set. */
export const isOpenToServer = (): boolean => state.kind === 'open' && !state.ended && !state.staff.passwordChangeDue;

/** The password is one's own now: everything else is open. */
export async function passwordWasChanged(): Promise<void> {
  await checkSession();
  feed.restart();
}

/** How much would stay behind unsent if the person signed out now: steps, and what was written for one. */
export async function unsentCount(): Promise<number> {
  return countUnsent(database());
}

/**
 * Signs out (退出登录) and clears this phone, except for what was not sent: that waits, out of sight and with nothing of the
 * customers beside it, until the same person signs in again.
 *
 * @throws ApiProblem without a network: the server would still take this phone for signed in
 */
export async function signOut(): Promise<void> {
  if (state.kind !== 'open') return;
  const { staff } = state;
  await api.signOut();
  feed.stop();
  await clearDatabase(staff.id);
  remember(null);
  become({ kind: 'none' });
}
