import type { Form } from '../../../rules/forms/form.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import type { Configuration } from './configuration.ts';

const findForm = statement<{ form: Form }>('form_version.form', 'SELECT form FROM form_version WHERE tenant_id = $1 AND type_id = $2 AND number = $3');

// A published version never changes, so it is kept for as long as there is room.
const kept = new Map<string, Form>();
const mostKept = 2_000;

/** A version of a type's form (表单版本): the one that tickets made with it answer to, whatever was published since. */
export async function formOf(context: Pick<Context, 'tenantId' | 'transaction'>, configuration: Configuration, typeId: string, number: number): Promise<Form> {
  const type = configuration.types.get(typeId);
  if (type?.formVersion === number) return type.form;
  const key = `${context.tenantId} ${typeId} ${number}`;
  const present = kept.get(key);
  if (present) return present;
  const [row] = await context.transaction.query(findForm, [context.tenantId, typeId, number]);
  // Written before forms had versions: nothing is known of its fields.
  if (!row) return { fields: [] };
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
  kept.set(key, row.form);
  return row.form;
}
