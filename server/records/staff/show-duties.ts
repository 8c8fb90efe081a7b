import { Closed, Id } from '../../../contract/common.ts';
import { StaffDuties } from '../../../contract/organization.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';

// Who waits by being of a team leaves their share to the team: only tasks with their own name on them count.
const countDuties = statement<StaffDuties>('staff.duties', `
  SELECT
    (SELECT count(*) FROM ticket t WHERE t.tenant_id = $1 AND t.assignee_id = s.id AND t.status IN ('new', 'open', 'waiting')) AS "openTickets",
    (SELECT count(*) FROM visit v WHERE v.tenant_id = $1 AND v.technician_id = s.id AND v.status IN ('scheduled', 'accepted')) AS "plannedVisits",
    (SELECT count(*) FROM visit v WHERE v.tenant_id = $1 AND v.technician_id = s.id AND v.status IN ('travelling', 'on_site')) AS "visitUnderWay",
    count(k.id) FILTER (WHERE k.kind <> 'approval') AS tasks, count(k.id) FILTER (WHERE k.kind = 'approval') AS approvals
  FROM staff s
    LEFT JOIN task_actor a ON a.tenant_id = $1 AND a.who_id = s.id
    LEFT JOIN task k ON k.tenant_id = $1 AND k.id = a.task_id AND k.state = 'open'
  WHERE s.tenant_id = $1 AND s.id = $2 GROUP BY s.id`);

/**
 * What is in somebody's hands (名下工作), so that whoever is about to deactivate them knows what that does. All of it is
 * counted, also what the caller may not read: all of it is given back.
 */
export const showDuties = useCase({
  summary: 'Show what is in the hands of a member of staff',
  params: Closed({ id: Id }),
  answer: StaffDuties,
  async run({ transaction, tenantId }, { params }) {
    const [duties] = await transaction.query(countDuties, [tenantId, params.id]);
    if (!duties) throw new Refusal('not_found');
    return duties;
  },
});
