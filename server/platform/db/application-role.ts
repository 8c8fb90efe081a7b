/**
 * The role under which the program works (应用角色). It owns nothing and may do nothing beyond reading and writing rows, so
 * that row-level security binds it, also on the tables whose owner it does not bind.
 */
export const applicationRole = 'bihuan_app';
