import { usualModes, type ModeSettings } from '../../../contract/offer.ts';
import type { DispatchMode } from '../../../rules/routing/offers.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';

/** How a team gives out its tickets (派单方式): its own settings, else the usual ones. */
export async function modesOf({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, teamId: string | null): Promise<{ settings: ModeSettings; own: boolean; version: number }> {
  const row = teamId === null ? undefined : await transaction.first(build.selectFrom('dispatch_mode').select(['settings', 'version']).where('tenant_id', '=', tenantId).where('team_id', '=', teamId));
  // Taken back, the row stays for its version.
  if (!row || row.settings === null) return { settings: usualModes, own: false, version: row?.version ?? 0 };
  return { settings: row.settings as ModeSettings, own: true, version: row.version };
}

/** How tickets of a type are given out. */
export const modeFor = ({ mode, types }: Pick<ModeSettings, 'mode' | 'types'>, typeId: string): DispatchMode => types.find((own) => own.typeId === typeId)?.mode ?? mode;
