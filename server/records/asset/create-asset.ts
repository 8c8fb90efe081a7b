import { Asset, CreateAsset } from '../../../contract/organization.ts';
import { describeValidationError } from '../../../contract/validation.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { viewAsset } from './view-asset.ts';

/** Registers an asset (登记设备) under a code of its own. */
export const createAsset = useCase({
  summary: 'Create an asset',
  body: CreateAsset,
  answer: Asset,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId } = context;
    if ((body.lat === undefined) !== (body.lng === undefined)) throw wrong(context, body.lat === undefined ? '/lat' : '/lng', 'required');
    // The calendar of the schema has a year 0, that of the database has none.
    if (body.warrantyUntil?.startsWith('0000')) throw wrong(context, '/warrantyUntil', 'format');
    const customer = body.customerId === undefined ? null
      : await transaction.first(build.selectFrom('customer').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', '=', body.customerId));
    if (customer === undefined) throw refuseInput('/customerId', 'unknown_reference', { field: 'customerId' });
    const [row] = await transaction.run(build.insertInto('asset').values({
      tenant_id: tenantId, id: newId(context.now.getTime()), code: body.code, name: body.name.trim(), model: body.model?.trim() || null, serial_number: body.serialNumber?.trim() || null,
      customer_id: customer?.id ?? null, address: body.address?.trim() || null, lat: body.lat ?? null, lng: body.lng ?? null,
      criticality: body.criticality ?? 'normal', warranty_until: body.warrantyUntil ?? null, created_at: context.now,
    }).onConflict((conflict) => conflict.columns(['tenant_id', 'code']).doNothing()).returningAll());
    if (!row) throw refuseInput('/code', 'name_taken', { field: { zh: '设备编号', en: 'The code of the asset' } });
    await recordFact(transaction, { kind: 'asset.created', actor: context.actor, data: { code: row.code, name: row.name, customer }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id });
    return viewAsset(context, { ...row, customer_name: customer?.name ?? null });
  },
});

function wrong(context: Context, path: string, keyword: 'required' | 'format'): Refusal {
  const error = keyword === 'required' ? { keyword, instancePath: '', params: { missingProperty: path.slice(1) } } : { keyword, instancePath: path, params: { format: 'date' } };
  return new Refusal('invalid_input', {}, { errors: [describeValidationError(error, context.language)] });
}
