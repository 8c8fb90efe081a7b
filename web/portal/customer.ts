import type { Static } from 'typebox';
import type { CustomerSession, CustomerTicketPage, PhoneCodeRequested } from '../../contract/portal.ts';
import { ApiProblem, createApiClient } from '../ui/api.ts';
import { forget, recall, remember } from './storage.ts';

/** A customer who signed in by phone code (手机验证码登录). */
export interface Customer {
  token: string;
  expiresAt: string;
  phone: string;
}

/** Who is signed in at an organization on this device; null when nobody is, or not any more. */
export function signedInCustomer(organization: string): Customer | null {
  const customer = recall<Customer>(`session.${organization}`);
  return customer !== null && new Date(customer.expiresAt).getTime() > Date.now() ? customer : null;
}

export function signOutCustomer(organization: string): void {
  forget(`session.${organization}`);
}

const path = (organization: string): string => `/portal/${encodeURIComponent(organization)}`;
const client = createApiClient();

/**
 * Has a code sent by text message.
 *
 * @returns seconds for which it holds
 * @throws ApiProblem
 */
export async function requestCode(organization: string, phone: string): Promise<number> {
  const { data } = await client.post<Static<typeof PhoneCodeRequested>>(`${path(organization)}/codes`, { phone });
  return data.expiresInSeconds;
}

/** @throws ApiProblem */
export async function signInByCode(organization: string, phone: string, code: string): Promise<void> {
  const { data } = await client.post<Static<typeof CustomerSession>>(`${path(organization)}/session`, { phone, code });
  remember(`session.${organization}`, { token: data.token, expiresAt: data.expiresAt, phone } satisfies Customer);
}

/**
 * A page of the customer's requests.
 *
 * @throws ApiProblem; a session that ended is forgotten
 */
export async function customerTickets(organization: string, customer: Customer, cursor: string | null): Promise<Static<typeof CustomerTicketPage>> {
  client.setBearer(customer.token);
  try {
    return (await client.get<Static<typeof CustomerTicketPage>>(`${path(organization)}/tickets`, { query: { cursor } })).data;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) signOutCustomer(organization);
    throw error;
  } finally {
    client.setBearer(null);
  }
}
