import { holds } from '../../../rules/access/policy.ts';
import type { FileFamily, Form } from '../../../rules/forms/form.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import { filesByIds } from '../file/queries.ts';
import type { FileRow } from '../file/row.ts';
import { referencesIn, type FieldReference } from './field-values.ts';

export interface ReferenceProblem {
  path: string;
  code: string;
  message: { zh: string; en: string };
}

const unknown = { zh: '指向的内容不存在，或您无权查看', en: 'points at nothing that you may see' };
const findPeople = statement<{ id: string; active: boolean; team_ids: string[] }>('staff.for_fields', `
  SELECT s.id, s.active, ARRAY(SELECT m.team_id FROM team_member m WHERE m.tenant_id = s.tenant_id AND m.staff_id = s.id) AS team_ids
  FROM staff s WHERE s.tenant_id = $1 AND s.id = ANY($2::uuid[])`);

/**
 * Checks what new answers of a form refer to (字段引用校验): people who work here, customers and assets that the caller may
 * look up, files that they sent themselves and that hang nowhere yet. What stood there before is not asked about again.
 */
export async function checkReferences(context: Context, form: Form, values: Readonly<Record<string, unknown>>, previous: Readonly<Record<string, unknown>>): Promise<{ problems: ReferenceProblem[]; fileIds: string[] }> {
  const before = new Set(referencesIn(form, previous).map(({ field, id }) => `${field.key} ${id}`));
  const fresh = referencesIn(form, values).filter(({ field, id }) => !before.has(`${field.key} ${id}`));
  if (fresh.length === 0) return { problems: [], fileIds: [] };
  const problems: ReferenceProblem[] = [];
  const refuse = (reference: FieldReference, code = 'reference', message: ReferenceProblem['message'] = unknown) => problems.push({ path: reference.path, code, message });
  const of = (...kinds: FieldReference['kind'][]) => fresh.filter((reference) => kinds.includes(reference.kind));
  const ids = (references: readonly FieldReference[]) => [...new Set(references.map(({ id }) => id).filter(isId))];
  const { caller, tenantId, transaction } = context;
  // Customers refer to nobody and nothing but what they send themselves.
  const may = (permission: 'customer.read' | 'asset.read') => caller.kind === 'staff' && holds(caller.subject, permission);
  const known = async (table: 'customer' | 'asset', wanted: string[]) => (wanted.length === 0 ? new Set<string>()
    : new Set((await transaction.run(build.selectFrom(table).select('id').where('tenant_id', '=', tenantId).where('id', 'in', wanted))).map((row) => row.id)));

  const [people, customers, assets, files] = await Promise.all([
    of('person').length > 0 && caller.kind === 'staff' ? transaction.query(findPeople, [tenantId, ids(of('person'))]) : [],
    known('customer', may('customer.read') ? ids(of('customer')) : []), known('asset', may('asset.read') ? ids(of('asset')) : []),
    filesByIds(context, ids(of('file', 'signature'))),
  ]);
  for (const reference of of('person')) {
    const person = people.find((candidate) => candidate.id === reference.id);
    const teams = reference.field.kind === 'person' ? reference.field.teams ?? [] : [];
    if (!person) refuse(reference);
    else if (!person.active) refuse(reference, 'reference_inactive', { zh: '此人已停用', en: 'is somebody who works here no longer' });
    else if (teams.length > 0 && !teams.some((team) => person.team_ids.includes(team))) refuse(reference, 'team', { zh: '此人不在可选的班组里', en: 'is not in one of the teams to choose from' });
  }
  for (const reference of of('customer')) if (!customers.has(reference.id)) refuse(reference);
  for (const reference of of('asset')) if (!assets.has(reference.id)) refuse(reference);
  for (const reference of of('file', 'signature')) {
    const file = files.find((candidate) => candidate.id === reference.id);
    if (!file || !isTheirs(context, file)) refuse(reference);
    else if (file.ticket_id !== null) refuse(reference, 'file_already_attached', { zh: '这个文件已经附在别处', en: 'is attached elsewhere already' });
    else if (reference.kind === 'signature' && file.purpose !== 'signature') refuse(reference, 'signature', { zh: '不是手写签名', en: 'was not sent as a signature' });
    else if (reference.field.kind === 'file' && reference.field.accept && !reference.field.accept.includes(familyOf(file))) refuse(reference, 'file_type_refused', { zh: '这里不接受这种文件', en: 'is of a kind that is not accepted here' });
  }
  return { problems, fileIds: ids(of('file', 'signature')) };
}

/** Whether the caller sent a file; of customers the token with which they named it was the proof. */
function isTheirs({ caller }: Context, file: FileRow): boolean {
  return caller.kind === 'staff' ? file.uploaded_by_kind === 'staff' && file.uploaded_by_id === caller.subject.staffId : file.uploaded_by_kind === 'customer';
}

function familyOf({ media_type: mediaType }: FileRow): FileFamily {
  const family = mediaType.slice(0, mediaType.indexOf('/'));
  return family === 'image' || family === 'video' || family === 'audio' ? family : mediaType === 'application/pdf' ? 'pdf' : 'document';
}
