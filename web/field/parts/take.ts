import { Toast } from 'antd-mobile';
import type { VisitAction } from '../../../rules/ticket/visit-lifecycle.ts';
import { takeStep, type StepInput } from '../data/outbox.ts';
import { sync } from '../data/sync.ts';
import { t } from '../i18n.ts';

/**
 * Takes a step, keeps it on this phone and sends it when it can. Says so when even the phone cannot keep it, or when the
 * step is not open any more.
 *
 * @returns whether this call took it; false without a word for the second tap on a step that is taken
 */
export async function take(visitId: string, action: VisitAction, input: StepInput = {}): Promise<boolean> {
  try {
    const verdict = await takeStep(visitId, action, input);
    if (verdict === 'notOpen') Toast.show({ content: t('step.notOpen'), duration: 5000 });
    if (verdict !== 'open') return false;
  } catch {
    Toast.show({ content: t('step.notKept'), duration: 5000 });
    return false;
  }
  navigator.vibrate?.(30);
  void sync();
  return true;
}
