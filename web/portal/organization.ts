import { signal } from '@preact/signals';
import type { PortalHome } from '../../contract/portal.ts';
import { api, asProblem, type ApiProblem } from '../ui/api.ts';
import { showTimesIn } from '../ui/time.ts';

/** What is known of the organization whose portal this is. */
export type OrganizationState = { kind: 'loading' } | { kind: 'known'; home: PortalHome } | { kind: 'failed'; problem: ApiProblem };

export const organization = signal<OrganizationState>({ kind: 'loading' });

let asked = '';

/** Loads an organization's portal once; again only after a failure or for another one. */
export async function loadOrganization(slug: string, asset: string | null): Promise<void> {
  const key = `${slug} ${asset ?? ''}`;
  if (key === asked && organization.value.kind !== 'failed') return;
  asked = key;
  organization.value = { kind: 'loading' };
  try {
    const { data } = await api.get<PortalHome>(`/portal/${encodeURIComponent(slug)}`, { query: { asset } });
    if (asked !== key) return;
    showTimesIn(data.organization.timeZone);
    organization.value = { kind: 'known', home: data };
  } catch (error) {
    if (asked === key) organization.value = { kind: 'failed', problem: asProblem(error) };
  }
}
