import { Type } from 'typebox';
import { Closed, Id } from '../../../contract/common.ts';
import { PublishForm, TicketType } from '../../../contract/form.ts';
import { exceedsOwn } from '../../../rules/access/exceeds-own.ts';
import { permissions } from '../../../rules/access/permissions.ts';
import { isSame } from '../../../rules/forms/apply-form.ts';
import { compareForms } from '../../../rules/forms/compare-forms.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { maskedFields } from '../../../rules/forms/masked-fields.ts';
import { restoredForm } from '../../../rules/forms/restored-form.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { raiseConfigurationVersion } from './configuration.ts';
import { ensurePublishable, insertFormVersion } from './create-ticket-type.ts';
import { lockFormDraft, type DraftRow } from './form-draft.ts';
import { publishedForms } from './form-problems.ts';
import { viewTicketType } from './list-ticket-types.ts';

/**
 * Publishes the draft of a form (发布表单) as its next version: from now on new tickets are asked by it; those that are
 * there keep the version they were made with. If-Match is the version of the draft.
 */
export const publishForm = useCase({
  summary: 'Publish the draft of a ticket type’s form',
  params: Closed({ id: Id }),
  body: PublishForm,
  answer: TicketType,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    await raiseConfigurationVersion(context.transaction);
    const row = await lockFormDraft(context, params.id);
    ensureVersion(row, ifMatch);
    if (row.draft === null) throw new Refusal('form_unchanged');
    const published = await publishedForms(context, row.id);
    ensurePublishable(context, row.draft, published.map(({ form }) => form));
    ensureMasksOwned(context, row.draft, row.published, published.map(({ form }) => form));
    await publish(context, row, row.draft, true, { note: body.note });
    return viewTicketType(context, row.id);
  },
});

/**
 * Publishes an earlier version of a form anew (回滚表单), as its next version: nothing that was published goes away. A draft
 * stays, and is published over it later or thrown away.
 */
export const restoreForm = useCase({
  summary: 'Roll a ticket type’s form back to an earlier version',
  params: Closed({ id: Id, number: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) }),
  body: PublishForm,
  answer: TicketType,
  async run(context, { params, body }) {
    await raiseConfigurationVersion(context.transaction);
    const row = await lockFormDraft(context, params.id);
    const number = Number(params.number);
    const earlier = await context.transaction.first(build.selectFrom('form_version').select('form').where('tenant_id', '=', context.tenantId).where('type_id', '=', row.id).where('number', '=', number));
    if (!earlier) throw new Refusal('not_found');
    const published = await publishedForms(context, row.id);
    const form = restoredForm(earlier.form as Form, published.filter((version) => version.number > number).map((version) => version.form));
    if (isSame(form, row.published)) throw new Refusal('form_unchanged');
    ensurePublishable(context, form, published.map((version) => version.form));
    ensureMasksOwned(context, form, row.published, published.map((version) => version.form));
    await publish(context, row, form, false, { note: body.note, restored: number });
    return viewTicketType(context, row.id);
  },
});

/**
 * Taking a mask off a field shows everybody what stood behind it (取消脱敏): that is for those who may have it revealed.
 *
 * @throws Refusal grant_exceeds_own
 */
function ensureMasksOwned(context: Context, form: Form, present: Form, published: readonly Form[]): void {
  const masked = (one: Form, key: string) => maskedFields(one).fields.has(key) || maskedFields(one).columns.has(key);
  const plainNow = (key: string) => present.fields.some((field) => field.key === key) && !masked(present, key);
  const opened = form.fields.findIndex(({ key }) => !masked(form, key) && !plainNow(key) && published.some((one) => masked(one, key)));
  // Of a field that goes, tickets show what the form said they were made with: that may have been before it was masked.
  const has = (one: Form, key: string) => one.fields.some((field) => field.key === key);
  const gone = present.fields.some(({ key }) => !has(form, key) && masked(present, key) && published.some((one) => has(one, key) && !masked(one, key)));
  if (opened < 0 && !gone) return;
  const excess = exceedsOwn(staffOf(context), [{ permission: 'personal_data.reveal', scope: 'organization' }]);
  if (excess) throw refuseInput(opened < 0 ? '/form/fields' : `/form/fields/${opened}/masked`, 'grant_exceeds_own', { permission: { zh: permissions[excess.permission].zh, en: permissions[excess.permission].en } });
}

async function publish(context: Context, row: DraftRow, form: Form, endsDraft: boolean, { note, restored }: { note?: string | undefined; restored?: number }): Promise<void> {
  const { transaction, tenantId, now } = context;
  const number = row.formVersion + 1;
  await insertFormVersion(context, row.id, number, form, { note, ...(restored === undefined ? {} : { restored }) });
  await transaction.run(build.updateTable('ticket_type').set((eb) => ({
    form_version: number, version: eb('version', '+', 1), ...(endsDraft ? { draft: null, draft_version: row.version + 1, draft_based_on: null, draft_changed_at: null, draft_changed_by: null } : {}),
  })).where('tenant_id', '=', tenantId).where('id', '=', row.id));
  const { fields } = compareForms(row.published, form);
  const keys = (change: string) => fields.filter((difference) => difference.change === change).map((difference) => difference.key);
  await recordFact(transaction, {
    kind: 'ticket_type.form_published', actor: context.actor, occurredAt: now, recordedAt: now, subjectId: row.id,
    data: {
      name: row.name, before: { formVersion: row.formVersion }, after: { formVersion: number }, added: keys('added'), removed: keys('removed'), changed: keys('changed'), moved: keys('moved'),
      ...(note?.trim() ? { note: note.trim() } : {}), ...(restored === undefined ? {} : { restored }),
    },
  });
}
