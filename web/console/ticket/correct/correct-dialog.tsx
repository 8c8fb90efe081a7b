import type { Ticket } from '../../../../contract/ticket.ts';
import { CorrectDescription } from './correct-description.tsx';
import { CorrectPlace } from './correct-place.tsx';
import { CorrectRequester } from './correct-requester.tsx';
import { CorrectType } from './correct-type.tsx';

/** What of a ticket was taken down wrongly. */
export type Correction = 'requester' | 'place' | 'description' | 'type';

const dialogs = { requester: CorrectRequester, place: CorrectPlace, description: CorrectDescription, type: CorrectType } as const;

/** Puts right what was taken down wrongly (更正工单): who asked, where and about what, the words, the type. */
export function CorrectDialog({ what, ticket, onClose }: { what: Correction; ticket: Ticket; onClose: () => void }) {
  const Dialog = dialogs[what];
  return <Dialog ticket={ticket} onClose={onClose} />;
}
