import { useCallback, useEffect, useState } from 'preact/hooks';
import { api } from '../ui/api.ts';
import { asProblem, type ApiProblem } from '../ui/api-problem.ts';
import { moveTo } from './address.ts';
import { portalPath } from './read-address.ts';
import { Frame } from './parts/frame.tsx';
import { Blank, Problem, Waiting } from './parts/notice.tsx';
import { say } from './texts/say.ts';

/** A scanned asset code (扫码报修): finds out whose it is and goes on to their portal, the asset filled in. */
export function Scan({ token }: { token: string }) {
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  const open = useCallback(async (): Promise<void> => {
    setProblem(null);
    try {
      const { data } = await api.get<{ organization: { slug: string } }>(`/scan/${encodeURIComponent(token)}`);
      moveTo(`${portalPath(data.organization.slug)}?asset=${encodeURIComponent(token)}`);
    } catch (error) {
      setProblem(asProblem(error));
    }
  }, [token]);
  useEffect(() => void open(), [open]);

  return (
    <Frame name="" home={null}>
      {problem === null ? (
        <Waiting text={say('scan.opening')} />
      ) : problem.temporary ? (
        <Problem error={problem} onRetry={() => void open()} />
      ) : (
        <Blank title={say('scan.invalid')} hint={say('scan.invalidHint')} />
      )}
    </Frame>
  );
}
