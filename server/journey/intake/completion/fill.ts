import { isObject } from '../../../../rules/conditions/json.ts';
import { saysNothingYet } from '../../../../rules/intake/conversation.ts';
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { canonicalJson } from '../../../platform/facts/fact.ts';
import { standing } from '../../../records/completion/guesses.ts';
import type { Configuration } from '../../../records/organization/configuration.ts';
import { changeTicket, type TicketPatch } from '../../../records/ticket/change.ts';
import { isUnnamed } from '../../../records/ticket/named.ts';
import { refill } from '../../../records/ticket/refill.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';

/** What is to be filled into a ticket, by field as guesses name them: category, asset, address, name, phone, email, subject, priority, fields.<key>. */
export type Filling = Readonly<Record<string, unknown>>;

export interface Filled {
  ticket: TicketRow;
  /** What the ticket has now of what was wanted, in the form it is stored in. */
  filled: Record<string, unknown>;
  /** Which answers the form did not take. */
  refused: string[];
}

const isEmpty = (field: string, value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0) || (field === 'subject' && typeof value === 'string' && saysNothingYet(value));

/**
 * Fills in what is empty on a ticket (自动填写): what a person said or chose stays, whatever is known better. What stands there from an earlier filling
 * may be replaced where `mayReplace` says so.
 *
 * @param told what the fact says besides
 */
export async function fillTicket(context: Context, configuration: Configuration, ticket: TicketRow, wanted: Filling, mayReplace: (field: string, value: unknown) => boolean, told: Readonly<Record<string, unknown>>): Promise<Filled> {
  const unnamed = (wanted['name'] ?? null) !== null && await isUnnamed(context, ticket);
  const open = Object.entries(wanted).filter(([field, value]) => {
    const present = standing(ticket, field);
    return value !== undefined && value !== null && canonicalJson(present) !== canonicalJson(value) && (isEmpty(field, present) || (field === 'name' && unnamed) || (field === 'priority' && !ticket.priority_explanation.overridden) || mayReplace(field, present));
  });
  const patch: TicketPatch = {};
  const filled: Record<string, unknown> = {};
  for (const [field, value] of open) {
    switch (field) {
      case 'category': Object.assign(patch, categoryPatch(configuration, ticket, String(value))); break;
      case 'asset': patch.asset_id = String(value); break;
      case 'address': patch.address = String(value).slice(0, 300); break;
      case 'name': patch.contact_name = String(value).slice(0, 100); break;
      case 'phone': patch.contact_phone = String(value); break;
      case 'email': patch.contact_email = String(value); break;
      case 'subject': patch.subject = String(value); break;
      case 'priority':
        // Nobody set it: it was reckoned from words, or is what everything begins with.
        patch.priority = Number(value);
        patch.priority_explanation = { ...ticket.priority_explanation, overridden: true };
        break;
      case 'place': if (isObject(value)) Object.assign(patch, value); break;
      default: continue;
    }
    filled[field] = value;
  }
  const answers = Object.fromEntries(open.flatMap(([field, value]) => (field.startsWith('fields.') ? [[field.slice('fields.'.length), value]] : [])));
  const { values, refused, maskedFields } = await answer(context, configuration, { ...ticket, ...patch } as TicketRow, answers);
  if (values) {
    patch.fields = values as TicketPatch['fields'];
    for (const key of Object.keys(answers)) if (!refused.includes(key)) filled[`fields.${key}`] = values[key];
  }
  if (Object.keys(filled).length === 0) return { ticket, filled, refused };
  const changed = await changeTicket(context, ticket, patch, { kind: 'ticket.changed', data: { ...told, filled: Object.keys(filled) }, ...(maskedFields ? { maskedFields } : {}) });
  return { ticket: changed, filled, refused };
}

/** What the form takes of some answers: those it does not take are left out, so that they keep out no others. */
async function answer(context: Context, configuration: Configuration, ticket: TicketRow, given: Record<string, unknown>): Promise<{ values: Record<string, unknown> | null; refused: string[]; maskedFields?: Awaited<ReturnType<typeof refill>>['maskedFields'] }> {
  const refused: string[] = [];
  const left = { ...given };
  while (Object.keys(left).length > 0) {
    try {
      const { values, fileIds, maskedFields } = await refill(context, configuration, ticket, left, { touched: Object.keys(left) });
      return fileIds.length > 0 ? { values: null, refused: Object.keys(given) } : { values, refused, maskedFields };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const wrong = Object.keys(left).filter((key) => error.errors?.some(({ path }) => path === `/fields/${key}` || path.startsWith(`/fields/${key}/`)));
      // It is not said which: none of them, then.
      for (const key of wrong.length > 0 ? wrong : Object.keys(left)) {
        delete left[key];
        refused.push(key);
      }
    }
  }
  return { values: null, refused };
}

/** A category brings its team along, as when the ticket is opened; not to somebody who has it already. */
function categoryPatch(configuration: Configuration, ticket: TicketRow, id: string): TicketPatch {
  const category = configuration.categories.get(id);
  const teamId = ticket.team_id === null && ticket.assignee_id === null && ticket.status === 'new' ? category?.teamId ?? null : null;
  return { category_id: id, ...(teamId === null ? {} : { team_id: teamId, department_id: configuration.teams.get(teamId)?.departmentId ?? ticket.department_id }) };
}
