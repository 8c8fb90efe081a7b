/** Orders of the lists of records (档案排序), without schemas, as the console's first load has them. */

/** Of customers and of accounts. */
export const customerSorts = ['-createdAt', 'createdAt', 'name', '-name'] as const;
export const assetSorts = ['-createdAt', 'createdAt', 'name', '-name', 'code', '-code', 'warrantyUntil', '-warrantyUntil'] as const;
export const staffSorts = ['createdAt', '-createdAt', 'name', '-name'] as const;
