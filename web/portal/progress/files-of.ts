import type { FileSummary } from '../../../contract/file.ts';
import type { Progress } from '../../../contract/portal.ts';

/** Which files came with the request and which show the work (附件归类); what stands under a message stays there. */
export function filesOf(progress: Pick<Progress, 'files'>): { reported: FileSummary[]; work: FileSummary[] } {
  return {
    reported: progress.files.filter((file) => file.visitId === null && file.messageId === null),
    work: progress.files.filter((file) => file.visitId !== null),
  };
}
