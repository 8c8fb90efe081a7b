import { Toast } from 'antd-mobile';
import type { VisitAction } from '../../../rules/ticket/visit-lifecycle.ts';
import { takeStep, type StepInput } from '../data/outbox.ts';
import { sync } from '../data/sync.ts';
import { t } from '../i18n.ts';

/** Takes a step, keeps it on this phone and sends it when it can. Says so when even the phone cannot keep it. */
export async function take(visitId: string, action: VisitAction, input: StepInput = {}): Promise<boolean> {
  try {
    await takeStep(visitId, action, input);
  } catch {
    Toast.show({ content: t('step.notKept'), duration: 5000 });
    return false;
  }
  navigator.vibrate?.(30);
  void sync();
  return true;
}
