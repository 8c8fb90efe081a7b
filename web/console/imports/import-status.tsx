import type { Import } from '../../../contract/import.ts';
import { Badge } from '../parts/badge.tsx';
import { useImportTexts } from './texts.ts';

const tones = { queued: 'neutral', reading: 'accent', running: 'accent', completed: 'success', cancelled: 'neutral', failed: 'danger' } as const;

/** How an import stands (导入状态), and whether it was only tried. */
export function ImportStatus({ job }: { job: Pick<Import, 'status' | 'dryRun' | 'counts'> }) {
  const { t: say } = useImportTexts();
  const word = job.dryRun && job.status === 'running' ? say('status.checking') : job.dryRun && job.status === 'completed' ? say('status.checked') : say(`status.${job.status}`);
  return (
    <>
      <Badge tone={job.status === 'completed' && job.counts.failed > 0 ? 'warning' : tones[job.status]}>{word}</Badge>
      {job.dryRun && <> <Badge>{say('dryRun')}</Badge></>}
    </>
  );
}
