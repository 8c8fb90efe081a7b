import { makeAssets } from './assets.ts';
import { demoCategories } from './categories.ts';
import { demoDepartments, demoOrganization, demoRoles, demoSkills, demoTeams } from './company.ts';
import { makeCustomers } from './customers.ts';
import { demoPlaces } from './places.ts';
import { demoAccountsToPrint, demoStaff } from './staff.ts';
import { makeTickets } from './tickets.ts';
import type { DemoAccount, DemoAsset, DemoCategory, DemoCustomer, DemoDepartment, DemoOrganization, DemoPlace, DemoSkill, DemoStaff, DemoTeam, DemoTicket } from './types.ts';

export type * from './types.ts';

/** Everything there is to insert, in an order in which every key refers to something before it, but for managers and leads, who are staff. */
export interface DemoCompany {
  organization: DemoOrganization;
  roles: typeof demoRoles;
  departments: DemoDepartment[];
  skills: DemoSkill[];
  teams: DemoTeam[];
  staff: DemoStaff[];
  accountsToPrint: typeof demoAccountsToPrint;
  categories: DemoCategory[];
  places: DemoPlace[];
  accounts: DemoAccount[];
  customers: DemoCustomer[];
  assets: DemoAsset[];
  tickets: DemoTicket[];
}

/** The demo company 安居里物业 as it stands at `now`; the same `seed` and `now` give the same company. `ticketCount` defaults to 2,000. */
export function makeDemoCompany({ now, seed = 'anju', ticketCount = 2000 }: { now: Date; seed?: string; ticketCount?: number }): DemoCompany {
  const { customers, accounts } = makeCustomers(seed);
  const assets = makeAssets(seed, now.getTime());
  return {
    organization: demoOrganization, roles: demoRoles, departments: demoDepartments, skills: demoSkills, teams: demoTeams, staff: demoStaff, accountsToPrint: demoAccountsToPrint,
    categories: demoCategories, places: demoPlaces, accounts, customers, assets,
    tickets: makeTickets(seed, now.getTime(), ticketCount, customers, accounts, assets),
  };
}
