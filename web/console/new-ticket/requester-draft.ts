import type { CreateTicket } from '../../../contract/ticket.ts';

export type RequesterDraft = {
  name: string;
  phone: string;
  /** A known customer, with the number that their profile shows, masked or not. */
  customer?: { id: string; name: string; phone?: string | null };
  /** The number that was typed goes into the profile of the customer, too. */
  saveNumber?: boolean;
};

/** The number that was typed (来电号码); undefined while what stands there is only what was shown. */
export function numberOf({ phone, customer }: RequesterDraft, shown = ''): string | undefined {
  const typed = phone.trim();
  if (typed === '' || typed === shown.trim()) return undefined;
  if (customer !== undefined && (typed === customer.phone?.trim() || (customer.phone === undefined && typed.includes('*')))) return undefined;
  return typed;
}

/** Who asks, as the API takes it (报修人); undefined when nobody was named. */
export function requesterToSend(draft: RequesterDraft, shown = ''): CreateTicket['requester'] {
  const number = numberOf(draft, shown);
  const phone = number === undefined ? {} : { phone: number };
  if (draft.customer !== undefined) return { customerId: draft.customer.id, ...phone };
  const who = { ...(draft.name.trim() === '' ? {} : { name: draft.name.trim() }), ...phone };
  return Object.keys(who).length === 0 ? undefined : who;
}
