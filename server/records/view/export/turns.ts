import type { Database } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';

/** Whose export it is. */
export interface Exporter {
  tenantId: string;
  staffId: string;
}

// Each holds a connection while it lasts: one person leaves room for their colleagues, one organization for the others.
const most = { person: 2, organization: 3, all: 4 };
const running = new WeakMap<Database, Exporter[]>();

/**
 * Lets an export begin (导出名额); what is returned ends its turn, and may be called more than once.
 *
 * @throws Refusal too_many_exports
 */
export function takeTurn(database: Database, exporter: Exporter): () => void {
  const present = running.get(database) ?? [];
  running.set(database, present);
  const ofOrganization = present.filter((one) => one.tenantId === exporter.tenantId);
  const ofPerson = ofOrganization.filter((one) => one.staffId === exporter.staffId);
  if (present.length >= most.all || ofOrganization.length >= most.organization || ofPerson.length >= most.person) throw new Refusal('too_many_exports');
  const turn = { ...exporter };
  present.push(turn);
  return () => {
    const place = present.indexOf(turn);
    if (place >= 0) present.splice(place, 1);
  };
}
