import { useNavigate } from '@tanstack/react-router';
import type { RecordKind } from './record-finds.ts';

/** Ways to what was found beside tickets: one of them, and all of them in the list of their kind. */
export function useRecordLinks(): { open: (kind: RecordKind, id: string) => void; all: (kind: RecordKind, words: string) => void } {
  const navigate = useNavigate();
  return {
    open(kind, id) {
      switch (kind) {
        case 'customers': return void navigate({ to: '/customers/$id', params: { id } });
        case 'accounts': return void navigate({ to: '/accounts/$id', params: { id } });
        case 'assets': return void navigate({ to: '/assets/$id', params: { id } });
        case 'people': return void navigate({ to: '/people', search: { id } });
      }
    },
    all(kind, q) {
      switch (kind) {
        case 'customers': return void navigate({ to: '/customers', search: { q } });
        case 'accounts': return void navigate({ to: '/accounts', search: { q, flat: true } });
        case 'assets': return void navigate({ to: '/assets', search: { q } });
        case 'people': return void navigate({ to: '/people', search: { q } });
      }
    },
  };
}
