import { isGreeting, saysNothingYet } from '../../../../rules/intake/conversation.ts';
import { bestOf, extract, type Found } from '../../../../rules/text/extract.ts';
import { answersSaid } from '../../../../rules/text/fields-said.ts';
import { likelyCategory } from '../../../../rules/text/likely-category.ts';
import { dayIn } from '../../../../rules/conditions/days.ts';
import type { Form } from '../../../../rules/forms/form.ts';
import { systemActor, type Context, type Services } from '../../../platform/context.ts';
import { sharedStatement, statement } from '../../../platform/db/database.ts';
import { settleCompletion, type DueCompletion } from '../../../records/completion/completions.ts';
import { weighingOf } from '../../../records/completion/classifier.ts';
import { guessesTogether, type Guess } from '../../../records/completion/guesses.ts';
import { intakeSettingOf } from '../../../records/completion/intake-setting.ts';
import { configurationOf, type Configuration } from '../../../records/organization/configuration.ts';
import { formOf } from '../../../records/organization/forms.ts';
import { llmIsReady } from '../../../records/llm/llm-setting.ts';
import { lockTicket } from '../../../records/ticket/find.ts';
import { lockLanding } from '../../../records/ticket/landing.ts';
import { raisePriority } from '../../../records/ticket/raise-priority.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';
import { ownContext } from '../own-context.ts';
import { fillGuesses, type Read } from './fill-guesses.ts';
import { sharpen } from './sharpen.ts';

const leastFound = 0.55;
const mostMessages = 50;
const mostCharacters = 8_000;
const mostCodes = 20;

const said = sharedStatement<{ id: string }, { body: string }>('message.said_by_customer', `
  SELECT given.place, m.body FROM json_to_recordset($2) AS given (place integer, id uuid) CROSS JOIN LATERAL (
    SELECT id, left(body, 4000) AS body FROM message WHERE tenant_id = $1 AND ticket_id = given.id AND direction = 'inbound' AND visibility = 'public' ORDER BY id LIMIT ${mostMessages}) m ORDER BY given.place, m.id`);
// Of a call what the caller said; where nobody can tell who spoke, all of it.
const heard = sharedStatement<{ id: string }, { text: string | null }>('call.said_by_customer', `
  SELECT given.place, k.text FROM json_to_recordset($2) AS given (place integer, id uuid) CROSS JOIN LATERAL (
    SELECT c.id, (SELECT string_agg(segment ->> 'text', E'\\n') FROM (SELECT segment FROM jsonb_array_elements(c.transcript) AS segment LIMIT 300) AS spoken
      WHERE coalesce(segment ->> 'speaker', '') NOT IN ('agent', '坐席', '客服')) AS text
    FROM call c WHERE c.tenant_id = $1 AND c.ticket_id = given.id AND c.transcript_state = 'done' ORDER BY c.id LIMIT 5) k ORDER BY given.place, k.id`);
const findAssets = statement<{ id: string; code: string; name: string; address: string | null; criticality: 'low' | 'normal' | 'high' }>('asset.of_codes', `
  SELECT id, code, name, address, criticality FROM asset WHERE tenant_id = $1 AND code = ANY($2::text[]) AND archived_at IS NULL LIMIT 5`);

// Where somebody lives and how they are called says nothing of what the matter is.
const besides: ReadonlySet<Found['kind']> = new Set(['place', 'phone', 'email', 'name', 'plate', 'time', 'order', 'amount']);

/** Reads words (理解来话): what they name, the category they speak of, and the asset, where there is one of the code. */
export async function readWords(context: Context, configuration: Configuration, title: string, text: string, orderMasks: readonly string[]): Promise<Read> {
  const found = extract(text, { today: dayIn(context.now.toISOString(), configuration.organization.timeZone), orderMasks });
  const codes = [...new Set(found.filter(({ kind }) => kind === 'asset').flatMap(({ value, words }) => [value, words]))].slice(0, mostCodes * 2);
  const [weighing, assets] = await Promise.all([weighingOf(context.transaction, configuration), codes.length === 0 ? [] : context.transaction.query(findAssets, [context.tenantId, codes])]);
  const bare = (words: string): string => found.reduce((left, one) => (besides.has(one.kind) ? left.replaceAll(one.words, ' ') : left), words);
  const best = likelyCategory(weighing, bare(title), bare(text));
  const asset = assets.length === 1 ? assets[0]! : null;
  const isKnown = ({ value, words }: Found): boolean => assets.some(({ code }) => code === value || code === words);
  const overlaps = (one: Found, kind: Found['kind']): Found | undefined => found.find((other) => other.kind === kind && one.start < other.end && other.start < one.end);
  return {
    // A code of an asset of theirs is that, whatever else it looks like; what is none is whatever it looks like.
    text, found: found.filter((one) => {
      const code = one.kind === 'order' ? overlaps(one, 'asset') : undefined;
      return one.kind === 'asset' ? isKnown(one) || !overlaps(one, 'order') : code === undefined || !isKnown(code);
    }),
    category: best,
    // Of several that were named nobody can tell which one it is about.
    asset: asset && { ...asset, words: found.find(({ kind, value, words }) => kind === 'asset' && (value === asset.code || words === asset.code))?.words ?? asset.code },
  };
}

/** Guesses for a ticket of what was read. */
export function guessesFrom(read: Read, form: Form, timeZone: string): Guess[] {
  const guesses: Guess[] = [];
  const add = (field: string, one: Found | undefined): void => {
    if (one && one.confidence >= leastFound) guesses.push({ field, value: one.value, words: one.words, confidence: one.confidence, source: 'rule' });
  };
  add('name', bestOf(read.found, 'name'));
  add('phone', bestOf(read.found, 'phone'));
  add('email', bestOf(read.found, 'email'));
  add('address', bestOf(read.found, 'place'));
  if (read.asset) guesses.push({ field: 'asset', value: read.asset.id, words: read.asset.words, confidence: 0.95, source: 'rule' });
  if (read.category) guesses.push({ field: 'category', value: read.category.id, words: read.category.words.join(' '), confidence: read.category.confidence, source: 'model' });
  for (const { key, value, words, confidence } of answersSaid(form, read.text, read.found, timeZone)) if (confidence >= leastFound) guesses.push({ field: `fields.${key}`, value, words, confidence, source: 'rule' });
  return guesses;
}

const isOver = (ticket: TicketRow): boolean => ticket.merged_into !== null || ticket.status === 'closed' || ticket.status === 'cancelled' || ticket.status === 'resolved';

function wordsOf(ticket: TicketRow, messages: readonly { body: string }[], calls: readonly { text: string | null }[]): string {
  // A subject is mostly the beginning of what was said: read once.
  const subject = saysNothingYet(ticket.subject) || ticket.description.startsWith(ticket.subject.replace(/…$/, '')) ? '' : ticket.subject;
  return [subject, ticket.description, ...calls.map(({ text }) => text ?? ''), ...messages.map(({ body }) => body)].filter((part) => part !== '' && !isGreeting(part)).join('\n').slice(0, mostCharacters);
}

/** The ticket, locked; one that others are at is not waited for in a commit that is shared. */
async function lock(context: Pick<Context, 'tenantId' | 'transaction'>, ticketId: string): Promise<TicketRow | undefined> {
  return context.transaction.shared ? (await lockLanding(context, ticketId))?.ticket : lockTicket(context, ticketId);
}

/** Reads what was said on a ticket and fills in what is empty (按来话补全): by rules and what was learned at once, and by the language model, where there is one, afterwards. */
export async function understandTicket(services: Services, due: DueCompletion): Promise<void> {
  const { tenant_id: tenantId, ticket_id: ticketId } = due;
  const first = await services.database.transact(tenantId, async (transaction) => {
    const now = services.clock.now();
    const which = { id: ticketId };
    // Sent together, the lock first: what is read was there when it was had.
    const [ticket, setting, own, messages, calls, known, llm] = await Promise.all([
      lock({ tenantId, transaction }, ticketId), intakeSettingOf(transaction), ownContext(services, transaction, now), transaction.queryTogether(said, which), transaction.queryTogether(heard, which), guessesTogether(transaction, ticketId), llmIsReady(transaction),
    ]);
    if (!ticket || !setting.understand || isOver(ticket)) {
      await settleCompletion(transaction, due, 'nothing', null, null, now);
      return null;
    }
    const context: Context = { ...own, actor: systemActor };
    const configuration = await configurationOf(context);
    const text = wordsOf(ticket, messages, calls);
    const [read, form] = await Promise.all([readWords(context, configuration, saysNothingYet(ticket.subject) ? '' : ticket.subject, text, setting.order_masks), formOf(context, configuration, ticket.type_id, ticket.form_version)]);
    const { ticket: changed, filled } = await fillGuesses(context, configuration, ticket, guessesFrom(read, form, configuration.organization.timeZone), known);
    await raisePriority(context, changed, text);
    const state = filled.length > 0 ? 'filled' : 'nothing';
    if (setting.ask_llm && llm) return { read, form, state } as const;
    await settleCompletion(transaction, due, state, null, null, now);
    return null;
  }, { grouped: 'understanding' });
  if (!first) return;
  // It is over only after this: whoever dies meanwhile leaves it to be done again, and what stands already is read as the same.
  await sharpen(services, due, first.read, first.form);
  await services.database.transact(tenantId, (transaction) => settleCompletion(transaction, due, first.state, null, null, services.clock.now()));
}
