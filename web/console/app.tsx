import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { language, onPreferencesChange } from '../ui/preferences.ts';
import { router } from './routes.tsx';
import { SessionGate } from './session/session.tsx';

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The client already repeats what the network lost.
      retry: false,
      gcTime: 15 * 60_000,
      // The feed tells what changed.
      refetchOnWindowFocus: false,
    },
  },
});

/** The console (坐席台): sign-in first, then its pages. */
export function App() {
  useEffect(() => {
    let spoken = language();
    return onPreferencesChange(() => {
      if (spoken === language()) return;
      spoken = language();
      // Titles of facts and refusals come from the server in the reader's language.
      void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
    });
  }, []);
  return (
    <QueryClientProvider client={queryClient}>
      <SessionGate>
        <RouterProvider router={router} />
      </SessionGate>
    </QueryClientProvider>
  );
}
