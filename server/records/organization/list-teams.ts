import { Closed, Id, limits } from '../../../contract/common.ts';
import { ListArchivable } from '../../../contract/form.ts';
import { TeamDetail, TeamPage, type Team } from '../../../contract/organization.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { nameIn } from './configuration.ts';

interface TeamRow {
  id: string;
  name: string;
  name_en: string | null;
  active: boolean;
  version: number;
  department_id: string;
  department_name: string;
  department_name_en: string | null;
  lead_id: string | null;
  lead_name: string | null;
  members: number;
}

// Whoever led a team and has left it leads it no longer.
const teams = `
  SELECT t.id, t.name, t.name_en, t.active, t.version, d.id AS department_id, d.name AS department_name, d.name_en AS department_name_en, l.id AS lead_id, l.name AS lead_name,
    (SELECT count(*)::int FROM team_member m JOIN staff s ON s.tenant_id = m.tenant_id AND s.id = m.staff_id
     WHERE m.tenant_id = t.tenant_id AND m.team_id = t.id AND s.active) AS members
  FROM team t JOIN department d ON d.tenant_id = t.tenant_id AND d.id = t.department_id
    LEFT JOIN staff l ON l.tenant_id = t.tenant_id AND l.id = t.lead_id AND l.active
      AND EXISTS (SELECT 1 FROM team_member m WHERE m.tenant_id = t.tenant_id AND m.team_id = t.id AND m.staff_id = l.id)
  WHERE t.tenant_id = $1`;
const findTeams = statement<TeamRow>('team.list', `${teams} AND ($2::uuid IS NULL OR t.id > $2::uuid) AND (t.active OR $4) ORDER BY t.id LIMIT $3`);
const findTeam = statement<TeamRow>('team.show', `${teams} AND t.id = $2`);
const findMembers = statement<{ id: string; name: string }>('team.members', `
  SELECT s.id, s.name FROM team_member m JOIN staff s ON s.tenant_id = m.tenant_id AND s.id = m.staff_id
  WHERE m.tenant_id = $1 AND m.team_id = $2 AND s.active ORDER BY s.id`);

/** The teams of the organization (班组列表), oldest first; members who have left are not counted. */
export const listTeams = useCase({
  summary: 'List teams',
  query: ListArchivable,
  answer: TeamPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    const after = query.cursor === undefined ? null : readCursor(query.cursor, 'teams')[1];
    const rows = await context.transaction.query(findTeams, [context.tenantId, after, limit + 1, query.archived ?? false]);
    return {
      items: rows.slice(0, limit).map((row) => viewRow(context, row)),
      nextCursor: rows.length > limit ? writeCursor('teams', ['', rows[limit - 1]!.id]) : null,
    };
  },
});

/** One team with its members (班组详情). */
export const showTeam = useCase({
  summary: 'Show a team',
  params: Closed({ id: Id }),
  answer: TeamDetail,
  run: (context, { params }) => viewTeam(context, params.id),
});

/** A team as its page shows it. */
export async function viewTeam(context: Pick<Context, 'tenantId' | 'transaction' | 'language'>, id: string): Promise<TeamDetail> {
  const [rows, members] = await Promise.all([context.transaction.query(findTeam, [context.tenantId, id]), context.transaction.query(findMembers, [context.tenantId, id])]);
  if (!rows[0]) throw new Refusal('not_found');
  return { ...viewRow(context, rows[0]), members };
}

function viewRow({ language }: Pick<Context, 'language'>, row: TeamRow): Team {
  return {
    id: row.id, name: row.name, nameEn: row.name_en, department: { id: row.department_id, name: nameIn(language, { name: row.department_name, nameEn: row.department_name_en }) },
    lead: row.lead_id === null || row.lead_name === null ? null : { id: row.lead_id, name: row.lead_name }, memberCount: row.members, active: row.active, version: row.version,
  };
}
