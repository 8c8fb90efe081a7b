import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Ticket } from '../../../contract/ticket.ts';
import { duplicatesOf } from '../customers/data.ts';
import { useCustomerTexts } from '../customers/texts.ts';
import { Badge } from '../parts/badge.tsx';
import { KnownLine } from '../parts/known-line.tsx';

const leastScore = 50;
const shown = 2;

/** Who the requester may be besides (可能是谁): known under another name or channel. Compared and merged on their page, where it can be undone. */
export function LikelyCustomer({ ticket }: { ticket: Ticket }) {
  const { t: say } = useCustomerTexts();
  const customerId = ticket.requester.customerId!;
  const { data } = useQuery({ ...duplicatesOf(customerId), staleTime: 300_000 });
  const likely = (data ?? []).filter(({ score }) => score >= leastScore).slice(0, shown);
  if (likely.length === 0) return null;
  return (
    <KnownLine icon="people" name={say('merge.maybe')}>
      {likely.map(({ customer, reasons }) => (
        <span key={customer.id}>
          <Link to="/customers/$id" params={{ id: customerId }} search={{ tab: 'duplicates' }}>{customer.name}</Link>{' '}
          {reasons.slice(0, 2).map(({ reason }) => <Badge key={reason}>{say(`merge.reason.${reason}`)}</Badge>)}{' '}
        </span>
      ))}
    </KnownLine>
  );
}
