import type { Column, FieldDefinition, Form } from '../../../rules/forms/form.ts';
import type { Context } from '../../platform/context.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { readUploadToken } from '../../records/file/attach-files.ts';
import { configurationOf, type ConfiguredType } from '../../records/organization/configuration.ts';
import { fieldPath } from '../../records/ticket/fill-form.ts';

/** What customers are asked of a form (客户可填字段): the fields meant for everybody, and the sections they stand in. */
export function formForCustomers(form: Form): Form {
  const fields = form.fields.filter((field) => field.audience === 'everyone');
  const sections = (form.sections ?? []).filter((section) => fields.some((field) => field.section === section.key));
  return { fields, ...(sections.length > 0 ? { sections } : {}) };
}

/** The type a customer reports something as: the default one, or one that is offered to them. */
export async function reportedType(context: Context, id: string | undefined): Promise<ConfiguredType> {
  const { types, defaultType } = await configurationOf(context);
  if (id === undefined || id === defaultType.id) return defaultType;
  const type = types.get(id);
  if (!type?.active || !type.offered) throw refuseInput('/type', 'unknown_reference', { field: 'type' });
  return type;
}

/** A customer's answers with the files behind their upload tokens, which prove that the files are theirs. */
export function withUploads(context: Context, form: Form, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const read = (field: FieldDefinition | Column, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((one) => read(field, one));
    if (typeof value !== 'string') return value;
    const id = readUploadToken(context.services.secrets, context.tenantId, value, context.now);
    if (id === null) throw refuseInput(fieldPath(field.key), 'unknown_reference', { field: 'uploads' });
    return id;
  };
  const sent = new Map(form.fields.filter((field) => field.kind === 'file' || field.kind === 'signature').map((field) => [field.key, field]));
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, sent.has(key) ? read(sent.get(key)!, value) : value]));
}
