import type { SignIn } from '../../../contract/session.ts';

/** An organization that an account may enter. */
export type OrganizationChoice = { slug: string; name: string };

/**
 * The organizations that an account belongs to, as the refusal `organization_ambiguous` lists them. The API client's
 * problem keeps only what every problem has, so the question is put once more.
 *
 * @returns an empty list when the answer was another one
 */
export async function organizationsOf(credentials: SignIn): Promise<OrganizationChoice[]> {
  const response = await fetch('/api/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(credentials),
    credentials: 'same-origin',
  });
  const problem = (await response.json().catch(() => ({}))) as { organizations?: OrganizationChoice[] };
  return Array.isArray(problem.organizations) ? problem.organizations : [];
}
