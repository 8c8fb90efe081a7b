import { useMutation, useQuery } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import type { Simulation } from '../../../contract/sla.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { simulation } from './data.ts';

export const periods = { 'sim.last': 7, 'sim.month': 30, 'sim.quarter': 90 } as const;
export type Period = keyof typeof periods;

/** A simulation that is asked for, watched and can be called off (模拟进程). */
export function useSimulation(wanted: () => Promise<object>) {
  const { message } = App.useApp();
  const [period, setPeriod] = useState<Period>('sim.month');
  const [asked, setAsked] = useState<string | null>(null);
  const found = useQuery({ ...simulation(asked ?? ''), enabled: asked !== null });
  const start = useMutation({
    mutationFn: async () => {
      const now = Date.now();
      return postOnce<Simulation>('/sla-simulations', { from: new Date(now - periods[period] * 86_400_000).toISOString(), to: new Date(now).toISOString(), ...await wanted() });
    },
    onSuccess: (made) => setAsked(made.id),
    onError: (error) => void message.error(asProblem(error).errors[0]?.message ?? asProblem(error).title),
  });
  const cancel = useMutation({ mutationFn: async () => (await api.post<Simulation>(`/sla-simulations/${asked}/cancel`, {})).data, onSettled: () => void found.refetch() });
  return { period, setPeriod, found, start, cancel, forget: () => setAsked(null), running: found.data?.state === 'waiting' || found.data?.state === 'running' || (asked !== null && found.isPending) };
}
export type SimulationInHand = ReturnType<typeof useSimulation>;
