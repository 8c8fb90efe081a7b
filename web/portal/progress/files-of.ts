import type { FileSummary } from '../../../contract/file.ts';
import type { Progress } from '../../../contract/portal.ts';

/**
 * Which files came with the request and which show the work (附件归类). Nobody says who sent a file: signatures, and
 * what came after the technician's arrival, are the work's; what stands under a message stays there.
 */
export function filesOf(progress: Pick<Progress, 'files' | 'messages' | 'steps'>): { reported: FileSummary[]; work: FileSummary[] } {
  const inMessages = new Set(progress.messages.flatMap((message) => message.files.map((file) => file.id)));
  const arrived = progress.steps.find((step) => step.step === 'on_site')?.at ?? null;
  const reported: FileSummary[] = [];
  const work: FileSummary[] = [];
  for (const file of progress.files) {
    if (inMessages.has(file.id)) continue;
    const isWork = file.purpose === 'signature' || (arrived !== null && file.createdAt >= arrived);
    (isWork ? work : reported).push(file);
  }
  return { reported, work };
}
