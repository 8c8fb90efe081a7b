import { sql, type RawBuilder } from 'kysely';
import type { ShareKind } from '../../../contract/desk.ts';
import type { Reference } from '../../../contract/common.ts';
import { widestScope, type Subject } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { Refusal, invalidInput, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { configurationOf, nameIn, type Configuration } from '../organization/configuration.ts';

/** Whose a canned reply or a macro is (归属): a person's own, a team's, or everybody's. */
export interface Shared {
  kind: string;
  owner_id: string | null;
  team_id: string | null;
}

/** The teams whose canned replies and macros somebody maintains; `all` for whoever maintains everybody's, too. */
function maintained(subject: Subject, configuration: Configuration): { all: boolean; teamIds: string[] } {
  const scope = widestScope(subject, 'macro.share');
  const teams = [...configuration.teams.values()];
  switch (scope) {
    case 'organization': return { all: true, teamIds: teams.map((team) => team.id) };
    case 'department': return { all: false, teamIds: teams.filter((team) => subject.departmentIds.includes(team.departmentId) || subject.teamIds.includes(team.id)).map((team) => team.id) };
    case 'team': case 'own': return { all: false, teamIds: [...subject.teamIds] };
    case null: return { all: false, teamIds: [] };
  }
}

/** The condition on a table's rows that somebody may see: everybody's, their own, their teams', and those they maintain. */
export async function visibleTo(context: Context, table: 'canned_reply' | 'macro'): Promise<RawBuilder<boolean>> {
  const subject = staffOf(context);
  const { teamIds } = maintained(subject, await configurationOf(context));
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql<boolean>`(${column('kind')} = 'shared' OR ${column('owner_id')} = ${subject.staffId} OR ${column('team_id')} = ANY(${[...new Set([...teamIds, ...subject.teamIds])]}::uuid[]))`;
}

/** Whether somebody may change or archive it. */
export function isEditable(subject: Subject, configuration: Configuration, row: Shared): boolean {
  if (row.kind === 'personal') return row.owner_id === subject.staffId;
  const { all, teamIds } = maintained(subject, configuration);
  return row.kind === 'team' ? teamIds.includes(row.team_id!) : all;
}

/**
 * Whose a new or changed record shall be, when the caller may say so.
 *
 * @throws Refusal forbidden for what they do not maintain; unknown_reference, reference_inactive for the team
 */
export async function placedAs(context: Context, kind: ShareKind, teamId: string | null | undefined): Promise<Shared> {
  const subject = staffOf(context);
  const configuration = await configurationOf(context);
  if (kind === 'team') {
    if (!teamId) throw missingInput('/teamId');
    const team = configuration.teams.get(teamId.toLowerCase());
    if (!team) throw refuseInput('/teamId', 'unknown_reference', { field: 'teamId' });
    if (!team.active) throw refuseInput('/teamId', 'reference_inactive', { field: 'teamId' });
  } else if (teamId) throw invalidInput('/teamId', 'exclusive', { zh: '只有班组共享才需要选择班组', en: 'only what belongs to a team names one' });
  const row = { kind, owner_id: kind === 'personal' ? subject.staffId : null, team_id: kind === 'team' ? teamId!.toLowerCase() : null };
  if (!isEditable(subject, configuration, row)) throw new Refusal('forbidden');
  return row;
}

/** Owner and team as references. A personal one is only ever seen by its owner. */
export function shownOwner(context: Context, configuration: Configuration, row: Shared): { owner: Reference | null; team: Reference | null } {
  const team = row.team_id === null ? undefined : configuration.teams.get(row.team_id);
  return {
    owner: row.owner_id === null ? null : { id: row.owner_id, name: context.caller.kind === 'staff' ? context.caller.name : '' },
    team: team ? { id: team.id, name: nameIn(context.language, team) } : null,
  };
}

/**
 * What a fact tells of a change of what may be shared: of what was somebody's own before, or is so now, that it was and
 * no more, as that is nobody else's business.
 */
export function toldDifference<Said extends { kind?: string }>(before: { kind: string }, after: { kind: string }, difference: { before: Said; after: Said }): { before: Said | { kind: string }; after: Said | { kind: string } } {
  return {
    before: before.kind === 'personal' ? { kind: before.kind } : difference.before,
    after: after.kind === 'personal' ? { kind: after.kind } : difference.after,
  };
}
