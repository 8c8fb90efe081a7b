import { CreateStaff, UpdateStaff } from '../../../../../contract/organization.ts';
import { listIn, withoutEmpty, wordIn } from '../../../../../rules/imports/values.ts';
import type { Context } from '../../../../platform/context.ts';
import { build } from '../../../../platform/db/database.ts';
import { refuseInput } from '../../../../platform/errors/refusal.ts';
import type { UseCase } from '../../../../platform/http/use-case.ts';
import { toStoredPhone } from '../../../../records/customer/phone.ts';
import { configurationOf, type Configuration } from '../../../../records/organization/configuration.ts';
import { createStaff } from '../../../../records/staff/create-staff.ts';
import { updateStaff } from '../../../../records/staff/update-staff.ts';
import { ambiguous, only } from '../find.ts';
import { checked, said, saidPlain, tiesTo, type KindHandler } from '../kind.ts';

const jobs = {
  agent: ['坐席', '客服', '接线员'], technician: ['工程师', '技师', '师傅', '维修工', '维修工程师'], dispatcher: ['调度', '调度员'], manager: ['管理者', '经理', '主管', '负责人'], administrator: ['管理员', '系统管理员', 'admin'],
};

/**
 * Staff (导入员工): known by e-mail, else by phone. They are added and changed by the very use-cases that do it one by one,
 * so that nobody is given more than whoever imports may give. Those who are there already keep their roles.
 */
export const staff: KindHandler = {
  kind: 'staff',
  permission: 'organization.write',
  ties: (row) => ({ own: [row.key, ...tiesTo(row, 'contact', 'email', 'phone')], shared: [] }),
  async take(context, row) {
    const { transaction, tenantId } = context;
    const configuration = await configurationOf(context);
    const [department, teams, roles] = [said(row, 'department'), row.said.get('teams'), row.said.get('roles')];
    const body = checked<CreateStaff>(context, CreateStaff, withoutEmpty({
      name: said(row, 'name'), email: saidPlain(row, 'email')?.toLowerCase(), phone: saidPlain(row, 'phone'), job: row.said.has('job') ? wordIn(row.said.get('job')!, jobs) : undefined,
      departmentId: department === undefined ? undefined : departmentSaid(configuration, department),
      teamIds: teams === undefined ? undefined : textsOf(teams).map((name) => named([...configuration.teams.values()].filter((team) => team.active), name, '/teamIds')),
      roleIds: roles === undefined ? undefined : await rolesSaid(context, textsOf(roles)),
      skills: row.said.has('skills') ? textsOf(row.said.get('skills')!).map(skillIn) : undefined,
    }));
    const by = (column: 'email' | 'phone', value: string) => transaction.first(build.selectFrom('staff').select(['id', 'version']).where('tenant_id', '=', tenantId).where(column, '=', value));
    const present = (body.email === undefined ? undefined : await by('email', body.email)) ?? (body.phone === undefined ? undefined : await by('phone', toStoredPhone(context, body.phone, '/phone')));
    if (!present) {
      if (body.email === undefined && body.phone === undefined) throw refuseInput('/email', 'import_targets_missing', { targets: { zh: '邮箱或手机', en: 'e-mail or phone' } });
      await run(createStaff, context, { body });
      return 'created';
    }
    const { email: _email, phone: _phone, roleIds: _roleIds, password: _password, ...changes } = body;
    const next = await run(updateStaff, context, { params: { id: present.id }, body: checked(context, UpdateStaff, changes) }) as { version: number };
    return next.version === present.version ? 'present' : 'updated';
  },
};

/** Runs a use-case within the transaction of an import. */
function run(useCase: UseCase, context: Context, input: { params?: unknown; body: unknown }): Promise<unknown> {
  return useCase.run(context, { params: undefined, query: undefined, ifMatch: null, ...input } as never);
}

const textsOf = (value: unknown): string[] => (listIn(value as never) as unknown[]).map(String);

function departmentSaid(configuration: Configuration, text: string): string {
  const pathOf = (id: string | null): string => {
    const department = id === null ? undefined : configuration.departments.get(id);
    return department ? `${pathOf(department.parentId)}/${department.name}` : '';
  };
  const wanted = text.split(/[/／>]/).map((part) => part.trim()).filter((part) => part !== '').join('/');
  const active = [...configuration.departments.values()].filter((department) => department.active);
  const exact = active.filter((department) => pathOf(department.id) === `/${wanted}`);
  return exact.length === 1 ? exact[0]!.id : named(active, wanted, '/departmentId');
}

function named(records: readonly { id: string; name: string; nameEn: string | null }[], text: string, path: string): string {
  const wanted = text.toLowerCase();
  return only(records.filter((record) => record.name.toLowerCase() === wanted || record.nameEn?.toLowerCase() === wanted), path, path.slice(1)).id;
}

async function rolesSaid({ transaction, tenantId }: Context, names: readonly string[]): Promise<string[]> {
  const roles = await transaction.run(build.selectFrom('role').select(['id', 'key', 'name', 'name_en']).where('tenant_id', '=', tenantId).where('active', '=', true));
  return names.map((text) => {
    const wanted = text.toLowerCase();
    const found = roles.filter((role) => [role.name, role.name_en, role.key].some((name) => name?.toLowerCase() === wanted));
    if (found.length > 1) throw ambiguous('/roleIds');
    if (!found[0]) throw refuseInput('/roleIds', 'unknown_reference', { field: 'roleIds' });
    return found[0].id;
  });
}

/** 电工:3, 电工（3级） or just 电工, which is level 1. */
function skillIn(text: string): { skill: string; level: unknown } {
  const match = /^(.*?)\s*(?:[:：(（]\s*(\d+)\s*级?\s*[)）]?)?$/.exec(text)!;
  return { skill: match[1]!.trim(), level: match[2] === undefined ? 1 : Number(match[2]) };
}
