import { Closed, Id } from '../../../contract/common.ts';
import { CheckForm, FormCheck, FormDraft, UpdateFormDraft } from '../../../contract/form.ts';
import { isSame } from '../../../rules/forms/apply-form.ts';
import { formLimits, type Form } from '../../../rules/forms/form.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { earlierFormsOf, problemsOf, usesOfRemoved } from './form-problems.ts';

/** What a type's form is, and is about to be. */
export interface DraftRow {
  id: string;
  name: string;
  formVersion: number;
  published: Form;
  draft: Form | null;
  version: number;
  basedOn: number | null;
  changedAt: Date | null;
  changedById: string | null;
  changedByName: string | null;
}

const columns = `
  SELECT t.id, t.name, t.form_version AS "formVersion", coalesce(f.form, '{"fields": []}') AS published, t.draft, t.draft_version AS version, t.draft_based_on AS "basedOn",
    t.draft_changed_at AS "changedAt", s.id AS "changedById", s.name AS "changedByName"
  FROM ticket_type t LEFT JOIN form_version f ON f.tenant_id = t.tenant_id AND f.type_id = t.id AND f.number = t.form_version
    LEFT JOIN staff s ON s.tenant_id = t.tenant_id AND s.id = t.draft_changed_by
  WHERE t.tenant_id = $1 AND t.id = $2`;
const findDraft = statement<DraftRow>('ticket_type.draft', columns);
const lockDraft = statement<DraftRow>('ticket_type.lock_draft', `${columns} FOR NO KEY UPDATE OF t`);

/** The form of a ticket type as it is being worked on (表单草稿), with what keeps it from being published. */
export const showFormDraft = useCase({
  summary: 'Show the draft of a ticket type’s form, with its problems',
  params: Closed({ id: Id }),
  answer: FormDraft,
  run: async (context, { params }) => viewDraft(context, await readDraft(context, params.id, findDraft)),
});

/** Saves the draft of a form (保存草稿), from the version the caller saw, problems and all; nothing new is asked for yet. */
export const updateFormDraft = useCase({
  summary: 'Save the draft of a ticket type’s form',
  params: Closed({ id: Id }),
  body: UpdateFormDraft,
  answer: FormDraft,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const row = await readDraft(context, params.id, lockDraft);
    ensureVersion(row, ifMatch);
    if (JSON.stringify(body.form).length > formLimits.formBytes) throw invalidInput('/form', 'too_large', { zh: '表单太大', en: 'is too large' });
    // Saving what is there already is no change.
    if (isSame(body.form, row.draft ?? row.published)) return viewDraft(context, row);
    const back = isSame(body.form, row.published);
    return viewDraft(context, await writeDraft(context, row, back ? null : body.form));
  },
});

/** Throws the draft of a form away (放弃草稿): what is published stands. */
export const discardFormDraft = useCase({
  summary: 'Throw the draft of a ticket type’s form away',
  params: Closed({ id: Id }),
  answer: null,
  async run(context, { params, ifMatch }) {
    const row = await readDraft(context, params.id, lockDraft);
    ensureVersion(row, ifMatch);
    if (row.draft !== null) await writeDraft(context, row, null);
  },
});

/** Says what would keep a form from being published (检查表单), without saving it. */
export const checkFormDraft = useCase({
  summary: 'Check a form without saving it',
  params: Closed({ id: Id }),
  body: CheckForm,
  answer: FormCheck,
  async run(context, { params, body }) {
    const row = await readDraft(context, params.id, findDraft);
    return { problems: problemsOf(context, body.form, await earlierFormsOf(context, row.id, row.formVersion)), uses: await usesOfRemoved(context, row.id, row.published, body.form) };
  },
});

async function readDraft({ transaction, tenantId }: Context, id: string, reading: typeof findDraft): Promise<DraftRow> {
  const [row] = await transaction.query(reading, [tenantId, id]);
  if (!row) throw new Refusal('not_found');
  return row;
}

/** A type's form, locked until the transaction ends: for whoever publishes it. */
export const lockFormDraft = (context: Context, id: string): Promise<DraftRow> => readDraft(context, id, lockDraft);

async function writeDraft(context: Context, row: DraftRow, form: Form | null): Promise<DraftRow> {
  const { transaction, tenantId, actor, now } = context;
  const basedOn = form === null ? null : row.basedOn ?? row.formVersion;
  await transaction.run(build.updateTable('ticket_type').set({
    draft: form === null ? null : JSON.stringify(form), draft_version: row.version + 1, draft_based_on: basedOn, draft_changed_at: form === null ? null : now, draft_changed_by: form === null ? null : actor.id,
  }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
  return { ...row, draft: form, version: row.version + 1, basedOn, changedAt: form === null ? null : now, changedById: form === null ? null : actor.id, changedByName: actor.name };
}

async function viewDraft(context: Context, row: DraftRow): Promise<FormDraft> {
  const form = row.draft ?? row.published;
  return {
    typeId: row.id, form, basedOn: row.basedOn ?? row.formVersion, published: row.formVersion, changed: row.draft !== null, changedAt: row.changedAt?.toISOString() ?? null,
    changedBy: row.changedById !== null ? { id: row.changedById, name: row.changedByName ?? '' } : null,
    problems: row.draft ? problemsOf(context, form, await earlierFormsOf(context, row.id, row.formVersion)) : [], uses: row.draft ? await usesOfRemoved(context, row.id, row.published, form) : [], version: row.version,
  };
}
