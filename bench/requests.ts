import { names, pick, places, problems } from './texts.ts';

/** How many customers the requests come from. */
export const customers = 500;

/** The phone number of a customer of the pool. */
const phoneOf = (customer: number): string => `138${String(10_000_000 + customer * 7_919).slice(-8)}`;

/** The body of a request for a new ticket, as a call centre's program sends it. */
export function requestBody(index: number, categoryIds: readonly string[]): string {
  const customer = (index * 271) % customers;
  const [subject, description] = pick(problems, index);
  const place = `${pick(places, customer)}${(customer % 28) + 1}号楼${((customer * 3) % 25) + 1}0${(customer % 4) + 1}室`;
  return JSON.stringify({
    subject: `${pick(places, customer)}${subject}`,
    description: description.replace('{}', place),
    requester: { name: pick(names, customer), phone: phoneOf(customer) },
    category: pick(categoryIds, index),
    location: { lat: 30.2 + (customer % 97) / 1_000, lng: 120.1 + (customer % 89) / 1_000, address: place },
  });
}
