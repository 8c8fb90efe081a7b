import { propose, usualWeights, type Proposed } from '../../../rules/routing/propose.ts';
import type { VisitNeeds } from '../../records/dispatch/visit-needs.ts';
import { wished, type Reckoned } from './reckon.ts';

/**
 * Who could come along with somebody (同行人员建议): for each place of the crew the best who can be there when the lead begins, nobody twice;
 * null where nobody can.
 */
export function crewOf({ candidates, roster }: Pick<Reckoned, 'candidates' | 'roster'>, needs: VisitNeeds, minutes: number, lead: Pick<Proposed, 'id' | 'begins'>): (string | null)[] {
  const taken = [lead.id];
  const { banned, preferred } = wished(needs.wishes);
  const travel = needs.place === null ? { ...usualWeights, travel: 0 } : usualWeights;
  return needs.crew.map(({ skills }) => {
    const { best: [found] } = propose(roster, {
      point: needs.place?.point ?? candidates[0]?.start ?? { lat: 0, lng: 0 }, service: minutes * 60, skills: skills.map(({ skillId, level }) => ({ skill: skillId, level })),
      windows: [[lead.begins, lead.begins]], banned: [...banned ?? [], ...taken], ...(preferred ? { preferred } : {}), territories: needs.territories, withinTerritory: needs.withinTerritory, urgent: needs.urgent,
    }, travel, 1);
    if (!found) return null;
    taken.push(found.id);
    return found.id;
  });
}
