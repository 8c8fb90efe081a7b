import { PageQuery, limits } from '../../../contract/common.ts';
import { TeamPage } from '../../../contract/organization.ts';
import { statement } from '../../platform/db/database.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { nameIn } from './configuration.ts';

interface TeamRow {
  id: string;
  name: string;
  name_en: string | null;
  version: number;
  department_id: string;
  department_name: string;
  department_name_en: string | null;
  members: number;
}

const findTeams = statement<TeamRow>('team.list', `
  SELECT t.id, t.name, t.name_en, t.version, d.id AS department_id, d.name AS department_name, d.name_en AS department_name_en,
    (SELECT count(*)::int FROM team_member m JOIN staff s ON s.tenant_id = m.tenant_id AND s.id = m.staff_id
     WHERE m.tenant_id = t.tenant_id AND m.team_id = t.id AND s.active) AS members
  FROM team t JOIN department d ON d.tenant_id = t.tenant_id AND d.id = t.department_id
  WHERE t.tenant_id = $1 AND ($2::uuid IS NULL OR t.id > $2::uuid) ORDER BY t.id LIMIT $3`);

/** The teams of the organization (班组列表), oldest first; members who have left are not counted. */
export const listTeams = useCase({
  summary: 'List teams',
  query: PageQuery,
  answer: TeamPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    const after = query.cursor === undefined ? null : readCursor(query.cursor, 'teams')[1];
    const rows = await context.transaction.query(findTeams, [context.tenantId, after, limit + 1]);
    return {
      items: rows.slice(0, limit).map((row) => ({
        id: row.id, name: row.name, nameEn: row.name_en, department: { id: row.department_id, name: nameIn(context.language, { name: row.department_name, nameEn: row.department_name_en }) }, memberCount: row.members, version: row.version,
      })),
      nextCursor: rows.length > limit ? writeCursor('teams', ['', rows[limit - 1]!.id]) : null,
    };
  },
});
