import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, lazy, Suspense, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Me } from '../../../contract/session.ts';
import { reaches, type Permission, type Scope } from '../../../rules/access/permissions.ts';
import { api } from '../../ui/api.ts';
import { feed } from '../../ui/feed.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Splash } from '../parts/splash.tsx';

const FirstPasswordPage = lazy(async () => ({ default: (await import('./first-password.tsx')).FirstPasswordPage }));
const SignInPage = lazy(async () => ({ default: (await import('./sign-in.tsx')).SignInPage }));

/** Who is signed in and what they may do (登录身份). */
export type Session = {
  me: Me;
  /** Whether a permission is held, at least as far as `scope`; the server decides again for each record. */
  may: (permission: Permission, scope?: Scope) => boolean;
};

const SessionContext = createContext<Session | null>(null);

/** The session of everything below the gate. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession is used outside SessionGate');
  return session;
}

const sessionKey = ['session'] as const;

/** Shows its children to those who are signed in, and the sign-in page, at the same address, to others. */
export function SessionGate({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const session = useQuery({
    queryKey: sessionKey,
    queryFn: async () => {
      const answer = await api.session<Me>();
      // Everything on the page is asked for after this, and the feed connects after that: it begins here.
      if (answer?.feedPlace) feed.begin(answer.feedPlace);
      return answer;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

  // Kept for no longer than it takes to change it.
  const [present, setPresent] = useState<string | null>(null);

  useEffect(() => {
    async function look(): Promise<void> {
      // A wrong password or code is answered 401, too: only the session itself says whether it has ended.
      const present = await api.session<Me>();
      if (present !== null) return;
      feed.stop();
      queryClient.setQueryData(sessionKey, null);
      queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
    }
    const lookSafely = (): void => {
      look().catch(() => {
        // Without a network nothing is known; the next answer will tell.
      });
    };
    const endAnswers = api.onSignedOut(lookSafely);
    // A page that nobody touches asks for nothing: there the feed is what hears of the end.
    const endFeed = feed.onStatus((status) => {
      if (status === 'signedOut') lookSafely();
    });
    return () => {
      endAnswers();
      endFeed();
    };
  }, [queryClient]);

  const me = session.data?.staff;
  const value = useMemo<Session | null>(() => (me === undefined ? null : sessionOf(me)), [me]);

  if (session.isPending) return <Delayed><Splash /></Delayed>;
  // Who is known stays while asking anew fails: nothing that was typed goes with it.
  if (session.isError && session.data === undefined) {
    return <Splash><ProblemAlert error={session.error} onRetry={() => void session.refetch()} /></Splash>;
  }
  if (value === null) {
    return (
      <Suspense fallback={<Delayed><Splash /></Delayed>}>
        <SignInPage
          onSignedIn={(started, password) => {
            setPresent(started.staff.passwordChangeDue ? password : null);
            queryClient.setQueryData(sessionKey, started);
            feed.restart(started.feedPlace);
          }}
        />
      </Suspense>
    );
  }
  if (value.me.passwordChangeDue) {
    return (
      <Suspense fallback={<Delayed><Splash /></Delayed>}>
        <FirstPasswordPage
          me={value.me}
          present={present}
          onChanged={() => {
            setPresent(null);
            void session.refetch().then(({ data }) => feed.restart(data?.feedPlace ?? undefined));
          }}
          onSignOut={() => {
            setPresent(null);
            // The gate hears of it by itself; without a network nothing has ended.
            api.signOut().catch(() => {});
          }}
        />
      </Suspense>
    );
  }
  return <SessionContext value={value}>{children}</SessionContext>;
}

function sessionOf(me: Me): Session {
  return {
    me,
    may: (permission, scope = 'own') => me.permissions.some((grant) => grant.permission === permission && reaches(grant.scope, scope)),
  };
}
