import { limits } from '../../../contract/common.ts';
import type { CreateTicket } from '../../../contract/ticket.ts';
import { isGreeting, subjectOf, withoutGreeting } from '../../../rules/intake/conversation.ts';
import type { Mapped } from '../../../rules/intake/mapping.ts';
import { oneLine } from '../../../rules/text/one-line.ts';
import { phoneProblem } from '../../../rules/text/phone-number.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { Configuration } from '../../records/organization/configuration.ts';
import { findCategory, findType } from '../../records/ticket/references.ts';

/** A request as values name it, and what of them meant nothing here. */
export interface ReadRequest {
  request: Pick<CreateTicket, 'subject' | 'description' | 'type' | 'category' | 'priority' | 'requester' | 'location' | 'assetId' | 'tags' | 'fields'>;
  unclear: { target: string; value: string }[];
}

const text = (value: unknown): string | null => {
  const said = typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
  return said === null || said.trim() === '' ? null : said.replaceAll('\u0000', '').toWellFormed();
};
const cut = (said: string, most: number): string => {
  const characters = [...said];
  return characters.length <= most ? said : `${characters.slice(0, most - 1).join('')}…`;
};

/**
 * Makes a request of what a mapping gave (组成受理内容). What names nothing that there is here does not keep the request out: it is left away, and
 * said on the ticket.
 *
 * @param written whether somebody wrote it, and may have begun with a greeting: Hi of a device is a limit
 */
export async function requestOf(context: Context, configuration: Configuration, values: Mapped, withFields: boolean, { written = false }: { written?: boolean } = {}): Promise<ReadRequest> {
  const unclear: ReadRequest['unclear'] = [];
  const leave = (target: string) => unclear.push({ target, value: cut(text(values[target]) ?? JSON.stringify(values[target]) ?? '', 200) });
  const tried = <Found>(target: string, find: (said: string) => Found): Found | undefined => {
    const said = text(values[target]);
    if (said === null) return undefined;
    try {
      return find(said);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      leave(target);
      return undefined;
    }
  };
  const type = tried('type', (said) => findType(configuration, said).id);
  const category = tried('category', (said) => findCategory(configuration, said).id);
  const priority = tried('priority', (said) => priorities.find((one) => one === said.trim().toLowerCase()) ?? refuse());
  const phone = tried('requester.phone', (said) => (phoneProblem(said.trim()) === null ? said.trim().replace(/[^\d+ ()-]/g, '') : refuse()));
  const email = tried('requester.email', (said) => (/^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,180}$/.test(said.trim()) ? said.trim() : refuse()));
  const name = text(values['requester.name']);
  const named = text(values['subject']) ?? '';
  const subject = (written ? subjectSaid(named) : oneLine(named)) || oneLine(subjectOf(text(values['description']) ?? '', { written })) || oneLine(named);
  const assetId = await assetOf(context, text(values['assetCode']));
  if (assetId === undefined) leave('assetCode');
  const fields = Object.fromEntries(Object.entries(values).flatMap(([target, value]) => (target.startsWith('fields.') && value !== undefined && value !== null ? [[target.slice(7), value]] : [])));
  if (!withFields) for (const key of Object.keys(fields)) leave(`fields.${key}`);
  const [lat, lng] = [Number(values['location.lat'] ?? Number.NaN), Number(values['location.lng'] ?? Number.NaN)];
  const address = text(values['location.address']);
  const placed = Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
  const tags = (Array.isArray(values['tags']) ? values['tags'] : (text(values['tags']) ?? '').split(/[,，;；]/)).map((tag) => oneLine(text(tag) ?? '').slice(0, 50)).filter((tag) => tag !== '');
  return {
    unclear,
    request: {
      subject: cut(subject, limits.subject), description: cut(text(values['description']) ?? '', limits.description),
      ...(type === undefined ? {} : { type }), ...(category === undefined ? {} : { category }), ...(priority === undefined ? {} : { priority }), ...(assetId ? { assetId } : {}),
      ...(name !== null || phone !== undefined || email !== undefined ? { requester: { ...(name === null ? {} : { name: cut(oneLine(name), limits.name) }), ...(phone === undefined ? {} : { phone }), ...(email === undefined ? {} : { email }) } } : {}),
      ...(address !== null || placed ? { location: { ...(placed ? { lat, lng } : {}), ...(address === null ? {} : { address: cut(oneLine(address), 300) }) } } : {}),
      ...(tags.length > 0 ? { tags: [...new Set(tags)].slice(0, limits.tags) } : {}),
      ...(withFields && Object.keys(fields).length > 0 ? { fields: fields as NonNullable<CreateTicket['fields']> } : {}),
    },
  };
}

/** What somebody called it, without a greeting in front; a greeting and nothing else calls it nothing. */
const subjectSaid = (said: string): string => (isGreeting(said) ? '' : oneLine(withoutGreeting(said.trim())));

function refuse(): never {
  throw new Refusal('invalid_input');
}

/** The asset of a code; null where none is named, undefined where there is none of it in use. */
async function assetOf(context: Context, code: string | null): Promise<string | null | undefined> {
  if (code === null) return null;
  const asset = await context.transaction.first(build.selectFrom('asset').select('id').where('tenant_id', '=', context.tenantId).where('code', '=', code.trim().slice(0, 100)).where('archived_at', 'is', null));
  return asset?.id;
}
