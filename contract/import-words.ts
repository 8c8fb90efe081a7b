/** What imports are of and how they stand, without schemas, as the console's first load has them. */

/** What can be imported (导入对象). */
export const importKinds = ['tickets', 'customers', 'accounts', 'assets', 'staff', 'hotline_cases'] as const;
export type ImportKind = (typeof importKinds)[number];
export const importFormats = ['csv', 'xlsx', 'jsonl'] as const;
/** queued 排队中, reading 读取文件, running 导入中, completed 已完成, cancelled 已取消, failed 失败 (nothing more is done; what was imported stays). */
export const importStatuses = ['queued', 'reading', 'running', 'completed', 'cancelled', 'failed'] as const;
