import type { ImportKind } from '../../../../contract/import.ts';
import { accounts } from './kinds/accounts.ts';
import { assets } from './kinds/assets.ts';
import { customers } from './kinds/customers.ts';
import { hotlineCases } from './kinds/hotline-cases.ts';
import { staff } from './kinds/staff.ts';
import { tickets } from './kinds/tickets.ts';
import type { KindHandler } from './kind.ts';

/** Every kind of record that can be imported and who makes it of a row (导入处理表). */
export const importHandlers: Record<ImportKind, KindHandler> = { tickets, customers, accounts, assets, staff, hotline_cases: hotlineCases };
