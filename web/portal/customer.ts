import type { Static } from 'typebox';
import type { CustomerSession, CustomerTicketPage, PhoneCodeRequested } from '../../contract/portal.ts';
import { ApiProblem, createApiClient } from '../ui/api.ts';
import { forget, forgetEverything, recall, remember } from './storage.ts';

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

/** A phone number with its middle hidden, for showing whose page this is. */
export function maskedPhone(phone: string): string {
  return phone.length < 8 ? phone : `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}

const path = (organization: string): string => `/portal/${encodeURIComponent(organization)}`;
const client = createApiClient();

/**
 * Signs out (退出登录): everything this device remembers of the customer goes at once, and the session ends on the
 * server when that can be reached; without its token nobody can use it anyway.
 */
export async function signOutCustomer(organization: string): Promise<void> {
  const customer = signedInCustomer(organization);
  forgetEverything();
  if (customer === null) return;
  client.setBearer(customer.token);
  const ended = client.delete(`${path(organization)}/session`);
  client.setBearer(null);
  await ended.catch(() => {});
}

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
    if (error instanceof ApiProblem && error.status === 401) forget(`session.${organization}`);
    throw error;
  } finally {
    client.setBearer(null);
  }
}
