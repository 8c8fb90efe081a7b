import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Select } from 'antd';
import { lockNames, type LockKind } from '../../../../contract/day-plan.ts';
import { asProblem } from '../../../ui/api.ts';
import { useBoard } from './board-context.ts';
import type { BoardStop } from './board-model.ts';
import { boardKeys, saveDraft } from './data.ts';
import { useBoardTexts } from './texts.ts';

const kinds = ['person', 'time', 'both', 'range'] as const satisfies readonly LockKind[];

/** What of a visit the planner and colleagues are to leave as it is (锁定): the person, the time, both, or the promised window. */
export function LockSelect({ stop, technicianId }: { stop: BoardStop & { visitId: string }; technicianId: string }) {
  const { t } = useBoardTexts();
  const { date, language } = useBoard();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const begins = new Date(stop.planned ?? stop.start).toISOString();
  const { from, to } = stop.window;
  const save = useMutation({
    mutationFn: (kind: LockKind | 'none') => saveDraft({
      date,
      technicians: [{
        technicianId,
        stops: [{
          visitId: stop.visitId, startsAt: begins, ...(stop.version === null ? {} : { version: stop.version }),
          lock: kind === 'none' ? null : kind === 'range' ? { kind, from: new Date(from!).toISOString(), until: new Date(to!).toISOString() } : { kind, from: kind === 'person' ? null : begins, until: null },
        }],
      }],
    }),
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors[0]?.message ?? problem.title);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: boardKeys.day }),
  });
  return (
    <Select<LockKind | 'none'>
      size="small" aria-label={t('lock')} value={stop.lock ?? 'none'} loading={save.isPending} disabled={save.isPending} popupMatchSelectWidth={false} onChange={(kind) => save.mutate(kind)}
      options={[{ value: 'none', label: t('lock.none') }, ...kinds.filter((kind) => kind !== 'range' || (from !== null && to !== null)).map((kind) => ({ value: kind, label: language === 'en' ? lockNames[kind].en : lockNames[kind].zh }))]}
    />
  );
}
