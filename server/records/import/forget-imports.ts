import type { Services } from '../../platform/context.ts';
import { everyTenant, statement } from '../../platform/db/database.ts';

const findOld = statement<{ tenant_id: string; id: string; source_key: string; rows_key: string | null }>('import_job.find_old', `
  SELECT tenant_id, id, source_key, rows_key FROM import_job WHERE finished_at < $1 AND source_key IS NOT NULL ORDER BY finished_at LIMIT $2`);
const forget = statement<never>('import_job.forget', 'UPDATE import_job SET source_key = NULL, rows_key = NULL WHERE tenant_id = $1 AND id = $2');
const forgetIssues = statement<never>('import_issue.forget', 'DELETE FROM import_issue WHERE tenant_id = $1 AND import_id = $2');
const batchSize = 50;

/** Forgets the files and the refused rows of imports that ended before a moment (清理导入文件): they hold personal data nobody needs any more. How many. */
export async function forgetImports({ database, blobs }: Pick<Services, 'database' | 'blobs'>, before: Date): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const imports = await database.transact(everyTenant, (transaction) => transaction.query(findOld, [before, batchSize]));
    for (const one of imports) {
      // The bytes first: should the rest fail, the row is still there to be found next time.
      for (const key of [one.source_key, one.rows_key]) if (key !== null) await blobs.remove(key);
      await database.transact(one.tenant_id, async (transaction) => {
        await transaction.query(forgetIssues, [one.tenant_id, one.id]);
        await transaction.query(forget, [one.tenant_id, one.id]);
      });
      forgotten += 1;
    }
    if (imports.length < batchSize) return forgotten;
  }
}
