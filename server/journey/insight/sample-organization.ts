import { build, type Database } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';

/** The records of an organization made for a test. */
export interface SampleOrganization {
  tenantId: string;
  typeId: string;
  /** Two departments; the second lies below the first. */
  departmentIds: [string, string];
  /** One team in each department, and another in the first. */
  teams: [SampleTeam, SampleTeam, SampleTeam];
  /** 给排水, 给排水/水管, 给排水/水管/爆裂, 电梯. */
  categoryIds: [string, string, string, string];
}

interface SampleTeam {
  id: string;
  departmentId: string;
}

/** Writes an organization with two departments, three teams and four categories. */
export async function insertSampleOrganization(database: Database, timeZone: string): Promise<SampleOrganization> {
  const tenantId = newId();
  const [typeId, first, second, water, pipe, burst, lift] = Array.from({ length: 7 }, () => newId()) as [string, string, string, string, string, string, string];
  const teams: SampleOrganization['teams'] = [{ id: newId(), departmentId: first }, { id: newId(), departmentId: second }, { id: newId(), departmentId: first }];
  const shared = { tenant_id: tenantId, created_at: new Date() };
  await database.transact(tenantId, async (transaction) => {
    await transaction.run(build.insertInto('organization').values({ ...shared, slug: `sample-${tenantId}`, name: '样例物业', time_zone: timeZone }));
    await transaction.run(build.insertInto('department').values([
      { ...shared, id: first, parent_id: null, name: '工程部', name_en: 'Engineering' },
      { ...shared, id: second, parent_id: first, name: '电梯部', name_en: null },
    ]));
    await transaction.run(build.insertInto('team').values([
      { ...shared, id: teams[0].id, department_id: first, name: '水电班', name_en: 'Plumbers' },
      { ...shared, id: teams[1].id, department_id: second, name: '电梯班', name_en: null },
      { ...shared, id: teams[2].id, department_id: first, name: '综合班', name_en: null },
    ]));
    await transaction.run(build.insertInto('category').values([
      { ...shared, id: water, parent_id: null, level: 1, name: '给排水', name_en: 'Water' },
      { ...shared, id: lift, parent_id: null, level: 1, name: '电梯', name_en: null },
      { ...shared, id: pipe, parent_id: water, level: 2, name: '水管', name_en: 'Pipe' },
      { ...shared, id: burst, parent_id: pipe, level: 3, name: '爆裂', name_en: 'Burst' },
    ]));
    await transaction.run(build.insertInto('ticket_type').values({ ...shared, id: typeId, key: 'repair', name: '报修', is_default: true, definition: '{}' }));
  });
  return { tenantId, typeId, departmentIds: [first, second], teams, categoryIds: [water, pipe, burst, lift] };
}
