import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSession } from '../session/session.tsx';
import { readerOf } from './live.ts';
import type { LineReader } from './place-line.ts';

/** What `me` and `mine` mean for who is signed in. */
export function useReader(): LineReader {
  const queryClient = useQueryClient();
  const { me } = useSession();
  return useMemo(() => readerOf(queryClient, me), [queryClient, me]);
}
