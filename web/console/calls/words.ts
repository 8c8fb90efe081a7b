import type { Call } from '../../../contract/call.ts';
import type { IconName } from '../parts/icon.tsx';
import { sayCall } from './texts.ts';

/** Minutes and seconds: 3:07. */
export function lengthOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Who is on the other side, as far as is known. */
export const whoOf = (call: Pick<Call, 'customer' | 'number'>): string => [call.customer?.name, call.number].filter(Boolean).join(' ') || sayCall('hidden');

export function stateWords(call: Pick<Call, 'state' | 'direction'>): string {
  if (call.state === 'ringing') return sayCall(call.direction === 'inbound' ? 'pop.ringing' : 'pop.dialling');
  return sayCall(`pop.${call.state}`);
}

export const iconOf = (call: Pick<Call, 'state' | 'direction'>): IconName => (call.state === 'missed' ? 'cancel' : call.direction === 'inbound' ? 'phone' : 'external');
