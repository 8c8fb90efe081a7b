import type { FileSummary } from '../../../contract/file.ts';
import type { TicketTemplate } from '../../../contract/form.ts';
import type { CreateTicket } from '../../../contract/ticket.ts';
import type { Priority } from '../../../rules/ticket/lifecycle.ts';
import { requesterToSend, type RequesterDraft } from './requester-draft.ts';

/** What is being taken down (工单草稿). */
export type Draft = {
  template?: string;
  type?: string;
  channel: CreateTicket['channel'];
  subject: string;
  description: string;
  requester: RequesterDraft;
  category?: string;
  priority?: Priority;
  team?: string | undefined;
  assignee?: string | undefined;
  /** Why this person, against a rule. */
  override?: string | undefined;
  tags?: string[] | undefined;
  address: string;
  asset?: { id: string; code: string; name: string };
  files: FileSummary[];
  /** What the controls of the type’s own fields hold. */
  fields?: Record<string, unknown>;
};

export const blank: Draft = { channel: 'phone', subject: '', description: '', requester: { name: '', phone: '' }, address: '', files: [] };
export const isEmpty = (draft: Draft): boolean =>
  [draft.subject, draft.description, draft.address, draft.requester.name, draft.requester.phone].every((text) => text.trim() === '') && draft.files.length === 0 && draft.asset === undefined && draft.category === undefined && Object.keys(draft.fields ?? {}).length === 0 && draft.template === undefined && draft.team === undefined && draft.assignee === undefined && (draft.tags ?? []).length === 0;

/** The request as the API takes it (建单请求); what was left empty is left out. */
export function toRequest(draft: Draft, files: readonly FileSummary[], answers: Record<string, unknown>): CreateTicket {
  const { requester, address, asset } = draft;
  const who = requesterToSend(requester);
  return {
    subject: draft.subject.trim(),
    channel: draft.channel,
    ...(draft.template === undefined ? {} : { template: draft.template }),
    ...(draft.type === undefined ? {} : { type: draft.type }),
    // A template's text that was deleted stays deleted.
    ...(draft.description.trim() === '' && draft.template === undefined ? {} : { description: draft.description.trim() }),
    ...(who === undefined ? {} : { requester: who }),
    ...(draft.category === undefined ? {} : { category: draft.category }),
    ...(draft.priority === undefined ? {} : { priority: draft.priority }),
    ...(draft.team === undefined ? {} : { team: draft.team }),
    ...(draft.assignee === undefined ? {} : { assignee: draft.assignee }),
    ...(draft.assignee === undefined || (draft.override ?? '').trim() === '' ? {} : { override: draft.override!.trim() }),
    ...((draft.tags ?? []).length === 0 ? {} : { tags: draft.tags }),
    ...(address.trim() === '' ? {} : { location: { address: address.trim() } }),
    ...(asset === undefined ? {} : { assetId: asset.id }),
    ...(files.length === 0 ? {} : { attachments: files.map((file) => file.id) }),
    ...(Object.keys(answers).length === 0 ? {} : { fields: answers }),
  };
}

/** The draft with what a template presets (套用模板); what was typed stays, what another template had put there goes. */
export function withTemplate(draft: Draft, template: TicketTemplate | undefined, former: TicketTemplate | undefined): Draft {
  const text = (typed: string, was: string | null | undefined, is: string | null | undefined): string => (typed.trim() === '' || typed === was ? (is ?? '') : typed);
  const same = template === undefined || draft.type === undefined || draft.type === template.type.id;
  const typed = same ? Object.fromEntries(Object.entries(draft.fields ?? {}).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(former?.fields[key]))) : {};
  return {
    ...draft, template: template?.id, type: template?.type.id ?? draft.type,
    subject: text(draft.subject, former?.subject, template?.subject), description: text(draft.description, former?.description, template?.description),
    category: draft.category === undefined || draft.category === former?.category?.id ? template?.category?.id : draft.category,
    priority: draft.priority === undefined || draft.priority === former?.priority ? (template?.priority ?? undefined) : draft.priority,
    fields: { ...template?.fields, ...typed },
  };
}
