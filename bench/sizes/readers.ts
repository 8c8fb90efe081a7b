import type { Program } from '../program.ts';

/** Somebody who reads tickets, as a request names them. */
export interface BenchReader {
  id: string;
  token: string;
}

/**
 * People who may see less than all: a technician (a hundred tickets in all, whatever the size), a member of a team (one
 * in a hundred), the manager of a department with another below it (two in a hundred).
 */
export interface Readers {
  technician: BenchReader;
  member: BenchReader;
  manager: BenchReader;
  /** Of the member, and of the department below the manager's. */
  teams: [string, string];
}

// The first password is somebody else's, and only good for choosing one's own.
const firstPassword = 'correct horse battery staple';
const password = 'another horse battery staple';

/** Makes the readers with their departments and teams, and signs them in. */
export async function makeReaders(program: Program): Promise<Readers> {
  const create = async (path: string, body: unknown) => (await program.call<{ id: string }>('POST', path, body)).id;
  const { items: roles } = await program.call<{ items: { id: string; key: string | null }[] }>('GET', '/roles');
  const roleOf = (key: string) => roles.find((role) => role.key === key)!.id;
  const ofTeam = await create('/roles', { name: '班组成员', grants: [{ permission: 'ticket.read', scope: 'team' }] });
  const south = await create('/departments', { name: '城南片区' });
  const below = await create('/departments', { name: '城南二部', parentId: south });
  const teams: [string, string] = [await create('/teams', { name: '城南一班', departmentId: south }), await create('/teams', { name: '城南二班', departmentId: below })];
  const person = async (name: string, job: string, more: object): Promise<BenchReader> => {
    const email = `${job}-${name.length}${JSON.stringify(more).length}@readers.example`;
    const id = await create('/staff', { name, email, password: firstPassword, job, departmentId: south, ...more });
    const first = await program.call<{ token: string }>('POST', '/session', { email, password: firstPassword });
    await program.call('POST', '/session/password', { currentPassword: firstPassword, newPassword: password }, { authorization: `Bearer ${first.token}` });
    const { token } = await program.call<{ token: string }>('POST', '/session', { email, password });
    return { id, token };
  };
  return {
    technician: await person('南师傅', 'technician', { roleIds: [roleOf('technician')] }),
    member: await person('南班组员', 'agent', { roleIds: [ofTeam], teamIds: [teams[0]] }),
    manager: await person('南片区经理', 'manager', { roleIds: [roleOf('manager')] }),
    teams,
  };
}
