import type { FactKind } from '../../../contract/facts.ts';
import type { Permission } from '../../../rules/access/permissions.ts';
import { holds, type Subject } from '../../../rules/access/policy.ts';
import type { Fact } from '../../platform/facts/fact.ts';

/** What a fact is about: the first word of its kind, `customer` of `customer.created`. */
type MatterOf<Kind> = Kind extends `${infer Matter}.${string}` ? Matter : never;

/**
 * With which permission one hears of facts that belong to no ticket (谁能听到): the one that reading what they are about
 * takes. Null for nobody: what is about credentials and what only audit may look into, what is one person's own, and
 * what belongs to tickets, which is heard by who may see the ticket.
 */
const heardWith: Readonly<Record<MatterOf<FactKind>, Permission | null>> = {
  department: 'organization.read',
  team: 'organization.read',
  staff: 'organization.read',
  skill: 'organization.read',
  shifts: 'organization.read',
  territory: 'organization.read',
  dispatch: null,
  role: 'organization.read',
  category: 'organization.read',
  ticket_type: 'organization.read',
  customer: 'customer.read',
  contact_point: 'customer.read',
  customer_note: 'customer.read',
  technician_preference: 'customer.read',
  account: 'customer.read',
  site: 'customer.read',
  asset: 'asset.read',

  organization: null, categories: null, ticket_status: null, ticket_template: null, checklist_template: null, customer_tier: null,
  mask_policy: null, personal_data: null, import: null,
  session: null, second_factor: null, password: null, api_key: null, phone_code: null,
  ticket: null, watcher: null, comment: null, merge: null, link: null, children: null, checklist: null, side_conversation: null, visit: null, offer: null, appointment: null, calendar_feed: null,
  held_reply: null, reply: null, canned_reply: null, macro: null, absence: null, view: null, export: null, audit: null, bulk_run: null, file: null,
  automation_rule: null, automation_rules: null, automation: null,
  llm_setting: 'settings.write', travel_setting: 'settings.write', intake_setting: 'settings.write', connector: 'settings.write', guess: null,
  call: null, phone_line: null, speech_setting: 'settings.write', hotline: null,
  flow: null, task: null, approval: null,
  automation_signing: null, channel: null, inbox_message: null, notice_account: null, notice_template: null, notice_policy: null, notice_delivery: null, news: null, news_setting: null, matching_setting: null,
  business_calendar: null, sla_policy: null, sla_policies: null, sla: null,
};
// Nothing that a list of customers would show.
const unheard: ReadonlySet<FactKind> = new Set(['customer.signed_in']);

/** Whether somebody hears of a fact that belongs to no ticket; of a kind that is not provided for, nobody does. */
export function hearsOf(subject: Subject, { kind }: Pick<Fact, 'kind'>): boolean {
  const permission = (heardWith as Readonly<Record<string, Permission | null>>)[kind.split('.')[0]!] ?? null;
  return permission !== null && !unheard.has(kind) && holds(subject, permission);
}
