import { statement, type Transaction } from '../../../platform/db/database.ts';

const find = statement<{ phone: string }>('text_opt_out.find', 'SELECT phone FROM text_opt_out WHERE tenant_id = $1 AND phone = $2');
const put = statement<{ phone: string }>('text_opt_out.put', `
  INSERT INTO text_opt_out (tenant_id, phone, said, opted_out_at) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, phone) DO NOTHING RETURNING phone`);
const lift = statement<{ phone: string }>('text_opt_out.lift', 'DELETE FROM text_opt_out WHERE tenant_id = $1 AND phone = $2 RETURNING phone');

/** Whether somebody wants no text messages to a number (短信退订). */
export const hasOptedOut = async (transaction: Transaction, phone: string): Promise<boolean> => (await transaction.query(find, [transaction.tenantId, phone])).length > 0;

/** Writes down that no text message is to go to a number any more; false where that was known. */
export const optOut = async (transaction: Transaction, phone: string, said: string, now: Date): Promise<boolean> => (await transaction.query(put, [transaction.tenantId, phone, said.slice(0, 200), now])).length > 0;

/** They may go there again; false where they might all along. */
export const optIn = async (transaction: Transaction, phone: string): Promise<boolean> => (await transaction.query(lift, [transaction.tenantId, phone])).length > 0;
